import type { PayoutRow, RunPayoutTotals } from '@rewardbook/contracts/api/reports';
import type { CloseWithPolicy } from '@rewardbook/db/books/closes';
import type { PayoutFilter } from '@rewardbook/db/lists/payouts';
import { payoutId } from '@rewardbook/domain/payouts/payout-run';
import { payoutStatus } from '@rewardbook/domain/payouts/payout-status';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ReportContext } from '../../service/report-context.ts';
import { flowOf, flowTexts, givenTexts, shareOfPool } from './payout-columns.ts';
import { sumOfFlow } from './payout-projection.ts';
import type { ReportedRun, RunWindow } from './payout-windows.ts';
import { type RunPayoutRow, type RunPayoutsFilter, readRunPayouts, sumRunPayouts } from './sql/run-payouts.ts';

/**
 * A row for each creator of a run, by creator: what came since the run before, from the journal, and what the run pays of it.
 * Those who wait are paid nothing. `withOthers` adds creators of its closes to whom nothing was owed.
 */
export async function* runPayouts(
  context: ReportContext,
  { run, range, closes }: RunWindow,
  all: readonly CloseWithPolicy[],
  filter: Omit<RunPayoutsFilter, 'runNumber' | 'closes' | 'range'>,
): AsyncGenerator<PayoutRow[], void, undefined> {
  const own = all.filter(({ closeNo }) => closes.includes(closeNo));
  const { currency } = context.program;
  const pool = own.reduce((sum, close) => sum + parseAmount(close.pool ?? '0', currency), 0n);
  const query = { runNumber: run.runNumber, closes, range, ...filter };
  for await (const batch of readRunPayouts(context.source, context.program, query)) {
    yield batch.map((row) => toRow(context, run, row, { pool, closeCount: own.length }));
  }
}

/** The sums of these rows. */
export async function runPayoutTotals(
  context: ReportContext,
  { run, range, closes }: RunWindow,
  filter: PayoutFilter,
): Promise<RunPayoutTotals> {
  const { source, program } = context;
  const query = { runNumber: run.runNumber, closes, range, creatorId: undefined, withOthers: false, filter };
  const sums = await sumRunPayouts(source, program, query);
  const { currency } = program;
  const flow = flowOf(sums, currency);
  const available = parseAmount(sums.available, currency);
  const gross = parseAmount(sums.gross, currency);
  const money = (minor: bigint): string => formatAmount(minor, currency);
  return {
    count: sums.count,
    carried_in: money(available - sumOfFlow(flow)),
    ...flowTexts(flow, currency),
    gross: money(gross),
    carried_out: money(available - gross),
    withholding: money(parseAmount(sums.withheld, currency)),
    net: money(parseAmount(sums.net, currency)),
  };
}

function toRow(
  { program: { currency } }: ReportContext,
  run: ReportedRun,
  row: RunPayoutRow,
  { pool, closeCount }: { readonly pool: bigint; readonly closeCount: number },
): PayoutRow {
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const paid = (text: string): bigint => (row.isDue ? parseAmount(text, currency) : 0n);
  const flow = flowOf(row, currency);
  const available = parseAmount(row.available, currency);
  const gross = paid(row.gross);
  const isPosted = row.isDue && run.entryKey !== null;
  return {
    period: run.period,
    run_id: row.isInRun ? run.runId : null,
    payout_id: row.payoutNumber === null ? null : payoutId(run.runId, row.payoutNumber),
    creator_id: row.creatorId,
    likes: row.likes,
    follows: row.follows,
    points: row.points,
    weight: closeCount === 1 ? row.weight : null,
    pool_share: shareOfPool(flow.allocated, pool),
    currency: currency.code,
    gross: money(gross),
    ...flowTexts(flow, currency),
    withholding: money(paid(row.withheld)),
    net: money(paid(row.net)),
    carried_in: money(available - sumOfFlow(flow)),
    carried_out: money(available - gross),
    status: statusOf(run, row),
    status_reason: row.isInRun ? (row.returnReason ?? row.reason) : 'not-above-zero',
    policy_version: run.policyVersion,
    entry_key: isPosted ? run.entryKey : null,
    return_entry_key: row.returnKey,
    taxed_before: money(paid(row.taxedBefore)),
    ...givenTexts(row, currency),
  };
}

function statusOf({ status }: ReportedRun, { isInRun, isDue, returnKey }: RunPayoutRow): PayoutRow['status'] {
  return isInRun ? payoutStatus(status, { isDue, isReturned: returnKey !== null }) : 'projected-waiting';
}
