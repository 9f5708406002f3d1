import type { CloseJob } from '@rewardbook/contracts/api/jobs';
import type { Sql } from '@rewardbook/db/client';

/** A step of a close, as its durations are reported. */
export type ClosePhase =
  | 'fold'
  | 'registry'
  | 'pairs'
  | 'compute'
  | 'lockstep'
  | 'stage' // both that follow
  | 'allocations'
  | 'proof'
  | 'commit';

/** What the use cases work with. */
export interface Ledger {
  /** For calls that answer requests: short statements. */
  readonly sql: Sql;
  /** For closes, dry runs and verification: statements that take minutes, on separate connections. */
  readonly slowSql: Sql;
  /** Opens a pool of one connection, for work that needs one to itself; the caller closes it. */
  readonly openConnection: () => Sql;
  /** What closes failed for where the database had no room to note it, by `closeKey`. */
  readonly unnotedFailures: Map<string, string>;
  readonly enqueueClose: (job: CloseJob) => Promise<void>;
  /** A close of this many events or more is folded in two parts, side by side: below, a second connection costs more than it gains. */
  readonly eventsForTwoParts: number;
  readonly beginPhase: (phase: ClosePhase) => void;
  readonly observePhase: (phase: ClosePhase, seconds: number) => void;
}

export function closeKey({ program, period }: CloseJob): string {
  return `${program} ${period}`;
}

/** Runs a step of a close and reports that it begins, and how long it took. */
export async function timed<Value>(ledger: Ledger, phase: ClosePhase, run: () => Promise<Value>): Promise<Value> {
  ledger.beginPhase(phase);
  const startedAtMs = performance.now();
  const value = await run();
  ledger.observePhase(phase, (performance.now() - startedAtMs) / 1000);
  return value;
}
