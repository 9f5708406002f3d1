import type { PayoutRow, RunPayoutTotals } from '@rewardbook/contracts/api/reports';
import { type CloseWithPolicy, type FinishedClose, listClosesWithPolicies } from '@rewardbook/db/books/closes';
import { listAllRuns, runUnknown } from '@rewardbook/db/books/runs';
import type { PayoutFilter } from '@rewardbook/db/lists/payouts';
import { AppError } from '@rewardbook/runtime/http/errors';
import { datesOf, type ReportContext } from '../../service/report-context.ts';
import { type PayoutWindows, payoutWindows, type RunWindow } from './payout-windows.ts';
import { projections, toProjectedRow } from './projected-payouts.ts';
import { runPayouts, runPayoutTotals } from './run-payouts.ts';
import { countByClose } from './sql/run-payouts.ts';

export interface PayoutsFilter {
  readonly period: string | undefined;
  readonly run: string | undefined;
  readonly creatorId: string | undefined;
  /** Which creators of a run: only where one is given. */
  readonly ofRun: PayoutFilter;
}

/**
 * Payouts: a row for each creator of each run that is neither discarded nor overtaken, by period, run, creator; for
 * periods that no run has, what a run would pay.
 * Throws AppError `not-closed`, `run-unknown`, `bad-period`.
 */
export async function payouts(context: ReportContext, filter: PayoutsFilter): Promise<AsyncIterable<PayoutRow[]>> {
  const books = await readWindows(context);
  const { period, run, creatorId, ofRun } = filter;
  if (period !== undefined) {
    datesOf(context.program, period);
    if (!books.closes.some((close) => close.period === period)) {
      throw new AppError('not-closed', `Period ${period} is not closed; it has payouts once it is`);
    }
  }
  if (run === undefined) {
    if (Object.values(ofRun).some((value) => value !== undefined)) {
      throw new AppError('bad-request', 'Payouts are filtered within a run: name it with run');
    }
    return rowsOf(context, books, period, creatorId);
  }
  const window = windowOf(books, run);
  if (period !== undefined && window.run.period !== period) {
    throw new AppError('bad-request', `Run ${run} is of ${window.run.period}, not of ${period}: leave one out`);
  }
  return runPayouts(context, window, books.closes, { creatorId, withOthers: false, filter: ofRun });
}

/** The sums of a run's rows. Throws AppError `run-unknown`. */
export async function payoutTotals(
  context: ReportContext,
  run: string,
  filter: PayoutFilter,
): Promise<RunPayoutTotals> {
  const books = await readWindows(context);
  return runPayoutTotals(context, windowOf(books, run), filter);
}

/** Numbers of the drafts that still can be approved. */
export async function currentDrafts(context: ReportContext): Promise<number[]> {
  const { windows } = await readWindows(context);
  return windows.runs.flatMap(({ run, isCurrent }) => (isCurrent && run.status === 'draft' ? [run.runNumber] : []));
}

function windowOf({ windows }: Books, run: string): RunWindow {
  const window = windows.runs.find((one) => one.run.runId === run);
  if (window === undefined) {
    throw runUnknown(run);
  }
  return window;
}

/** Of the creators of a close: how many it gave money to, and how many wait for theirs in its run, or would in the next one. */
export interface PayoutCount {
  readonly paid: number;
  readonly waiting: number;
}

/** By close number. */
export async function countPayouts(context: ReportContext): Promise<Map<number, PayoutCount>> {
  const { closes, windows } = await readWindows(context);
  const runs = closes.map(({ closeNo }) => ({ closeNo, runNumber: windows.runOfClose.get(closeNo)?.run.runNumber }));
  const counts = await countByClose(context.source, context.program, runs);
  const waiting = new Map<number, number>();
  const range = { lastClose: closes.at(-1)?.closeNo ?? 0, creatorId: undefined };
  for await (const batch of projections(context, windows, closes, range)) {
    for (const { payout, row } of batch) {
      if (payout.reason === null || row?.isInClose !== true) {
        continue;
      }
      waiting.set(payout.closeNo, (waiting.get(payout.closeNo) ?? 0) + 1);
    }
  }
  return new Map(
    counts.map(({ closeNo, paid, notDue }) => {
      const isInRun = windows.runOfClose.has(closeNo);
      return [closeNo, { paid, waiting: isInRun ? notDue : (waiting.get(closeNo) ?? 0) }];
    }),
  );
}

/** Closed periods, and what runs made of them. */
interface Books {
  readonly closes: readonly (FinishedClose & CloseWithPolicy)[];
  readonly windows: PayoutWindows;
}

async function readWindows({ sql, program }: ReportContext): Promise<Books> {
  const runs = await listAllRuns(sql, program.programId); // before the closes: a run that is seen has its closes
  const closes = (await listClosesWithPolicies(sql, program.programId)).filter((close) => close.status === 'closed');
  return { closes, windows: payoutWindows(runs, closes) };
}

async function* rowsOf(
  context: ReportContext,
  { closes, windows }: Books,
  period: string | undefined,
  creatorId: string | undefined,
): AsyncGenerator<PayoutRow[], void, undefined> {
  for (const close of closes) {
    if (period !== undefined && close.period !== period) {
      continue;
    }
    for (const window of windows.runs) {
      if (!window.isCurrent || window.run.period !== close.period) {
        continue;
      }
      yield* runPayouts(context, window, closes, { creatorId, withOthers: window.isFirst, filter: {} });
    }
    if (windows.runOfClose.has(close.closeNo)) {
      continue;
    }
    for await (const batch of projections(context, windows, closes, { lastClose: close.closeNo, creatorId })) {
      const own = batch.filter(({ payout }) => payout.closeNo === close.closeNo);
      if (own.length > 0) {
        yield own.map((projection) => toProjectedRow(context, close, projection));
      }
    }
  }
}
