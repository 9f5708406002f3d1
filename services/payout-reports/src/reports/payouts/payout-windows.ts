import type { FinishedClose } from '@rewardbook/db/books/closes';
import type { PayoutRun } from '@rewardbook/db/books/runs';
import type { UnpaidClose } from './sql/projected-payouts.ts';
import type { SeqRange } from './sql/run-payouts.ts';

/** What of a close its place in the journal is found by. */
type ClosePlace = Pick<FinishedClose, 'closeNo' | 'entrySeq'>;

/** What of a run its place in the journal is found by, and what reports say of it. */
export type ReportedRun = Pick<
  PayoutRun,
  'runNumber' | 'runId' | 'period' | 'status' | 'policyVersion' | 'draftedSeq' | 'entryKey' | 'entrySeq'
>;

/** A run, and what came to creators between the run before and its draft. */
export interface RunWindow {
  readonly run: ReportedRun;
  readonly range: SeqRange;
  readonly closes: readonly number[];
  /**
   * Whether it pays or still may: it is neither discarded nor a draft that the approval of another run or a later close
   * has overtaken.
   */
  readonly isCurrent: boolean;
  /** Whether it is the first valid run (`isCurrent`) with these closes: another person's draft may have the same ones. */
  readonly isFirst: boolean;
}

export interface PayoutWindows {
  readonly runs: readonly RunWindow[];
  /** The first valid run (`isCurrent`) that has the close, by the number of the close. */
  readonly runOfClose: ReadonlyMap<number, RunWindow>;
  /** Closes that no run has, in order; what was posted since the run before counts with the first, what comes later with the last. */
  readonly unpaid: readonly UnpaidClose[];
}

/** After every entry. */
const JOURNAL_END = Number.MAX_SAFE_INTEGER;

/**
 * Cuts the journal at the drafts of payout runs: what was posted up to a draft and after that of the run approved before is what
 * the run was made from. (Approval refuses a draft that another approval or a close has overtaken, so approved runs
 * follow each other, and no close comes after a draft that is still valid.)
 * Discarded and overtaken runs have a window too, but no close belongs to them.
 *
 * @param runs in order of their numbers
 * @param closes closed ones, in order
 */
export function payoutWindows(runs: readonly ReportedRun[], closes: readonly ClosePlace[]): PayoutWindows {
  const windows: RunWindow[] = [];
  const runOfClose = new Map<number, RunWindow>();
  for (const run of runs) {
    const before = last(runs.filter(({ entrySeq }) => entrySeq !== null && entrySeq <= run.draftedSeq));
    const range = { after: before?.draftedSeq ?? 0, upTo: run.draftedSeq };
    const own = closes.filter(({ entrySeq }) => entrySeq > range.after && entrySeq <= range.upTo);
    const isCurrent = run.status !== 'discarded' && !isOvertaken(run, runs, closes);
    const isFirst = isCurrent && own.some(({ closeNo }) => !runOfClose.has(closeNo));
    const window = { run, range, closes: own.map(({ closeNo }) => closeNo), isCurrent, isFirst };
    windows.push(window);
    if (!isCurrent) {
      continue;
    }
    for (const { closeNo } of own) {
      if (!runOfClose.has(closeNo)) {
        runOfClose.set(closeNo, window);
      }
    }
  }
  const base = last(windows.filter(({ isCurrent }) => isCurrent).map(({ run }) => run));
  const left = closes.filter(({ closeNo }) => !runOfClose.has(closeNo));
  const unpaid = left.map(({ closeNo }, index) => {
    const next = left[index + 1];
    const after = index === 0 ? (base?.draftedSeq ?? 0) : (left[index]?.entrySeq ?? 0) - 1;
    return { closeNo, after, upTo: next === undefined ? JOURNAL_END : next.entrySeq - 1 };
  });
  return { runs: windows, runOfClose, unpaid };
}

/** A draft that can no longer be approved, because another run was, or a period was closed since. */
function isOvertaken(run: ReportedRun, runs: readonly ReportedRun[], closes: readonly ClosePlace[]): boolean {
  const isLater = ({ entrySeq }: { entrySeq: number | null }) => entrySeq !== null && entrySeq > run.draftedSeq;
  return run.entrySeq === null && (runs.some(isLater) || closes.some(isLater));
}

function last(runs: readonly ReportedRun[]): ReportedRun | undefined {
  return runs.reduce<ReportedRun | undefined>(
    (latest, run) => (latest === undefined || run.draftedSeq >= latest.draftedSeq ? run : latest),
    undefined,
  );
}
