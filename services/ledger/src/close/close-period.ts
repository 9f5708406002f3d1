import type { CloseJob } from '@rewardbook/contracts/api/jobs';
import { findClose } from '@rewardbook/db/books/closes';
import { requireProgram } from '@rewardbook/db/books/program';
import { BooksRefused, isDiskFull, isTransient } from '@rewardbook/db/errors';
import { closeKey, type Ledger, timed } from '../service/ledger.ts';
import { computeClose, partsOf } from './compute/compute-close.ts';
import type { CloseAttempt } from './compute/fold-connections.ts';
import { type ClosePlan, planBegunClose } from './compute/plan-close.ts';
import { withAttempt } from './sql/attempts.ts';
import { commitClose } from './sql/commit.ts';
import { postHoldbacks } from './sql/holdbacks.ts';
import { noteFailure } from './sql/periods.ts';
import { notePhases } from './sql/phases.ts';
import { stageClose } from './stage-close.ts';

/**
 * Does a close that was begun, from the fold to the commit. It may run any number of times, concurrently too, and be
 * killed at any point: each attempt writes under its own numbers, and the first to commit is the one that counts.
 *
 * @returns the committed resultHash, or undefined if no close of the period was begun
 */
export async function closePeriod(ledger: Ledger, { program: slug, period }: CloseJob): Promise<string | undefined> {
  const program = await requireProgram(ledger.sql, slug);
  const close = await findClose(ledger.sql, program.programId, period);
  if (close === undefined) {
    return undefined;
  }
  if (close.status === 'closed') {
    await postHoldbacks(ledger.slowSql, program.programId); // a crash may have come between
    return close.resultHash;
  }
  try {
    const plan = await planBegunClose(ledger, program, close);
    const parts = await partsOf(ledger, plan);
    const { programId } = program;
    const resultHash = await withAttempt(
      ledger.openConnection,
      { programId, closeNo: plan.closeNo, parts },
      (attemptId) =>
        attempt({ ...ledger, beginPhase: notePhases(ledger.sql, programId, attemptId) }, plan, {
          attemptId,
          foldConnections: Array.from({ length: parts }, () => ledger.slowSql),
        }),
    );
    ledger.unnotedFailures.delete(closeKey({ program: slug, period }));
    await postHoldbacks(ledger.slowSql, programId);
    return resultHash;
  } catch (error) {
    await note(ledger, program.programId, { program: slug, period }, error);
    throw error;
  }
}

/** Remembers why a close failed, for those who wait for it: in the books, or here where the books cannot be written. */
async function note(ledger: Ledger, programId: number, job: CloseJob, error: unknown): Promise<void> {
  const failure = error instanceof Error ? error.message : String(error);
  // What the books refuse an attempt is that it came too late: another one follows. A disk does not get room by trying.
  const isLasting = isDiskFull(error) || !(isTransient(error) || error instanceof BooksRefused);
  ledger.unnotedFailures.set(closeKey(job), failure);
  await noteFailure(ledger.sql, programId, job.period, { failure, isLasting }).then(
    () => ledger.unnotedFailures.delete(closeKey(job)),
    () => undefined, // the database is what failed: the error says so
  );
}

async function attempt(
  ledger: Ledger,
  plan: ClosePlan,
  { attemptId, foldConnections }: CloseAttempt & { readonly attemptId: string },
): Promise<string> {
  const computed = await computeClose(ledger, plan, { attemptId, foldConnections });
  const call = await timed(ledger, 'stage', () => stageClose(ledger, plan, attemptId, computed));
  const { resultHash } = await timed(ledger, 'commit', () => commitClose(ledger.slowSql, call));
  if (resultHash !== computed.result.resultHash) {
    const { program, period } = plan;
    throw new Error(`two attempts at ${program.slug} ${period} came to different results: ${resultHash} stands`);
  }
  return resultHash;
}

/** One close of a period at a time in this process: further calls for it wait for the same one. */
export function closeOnce(ledger: Ledger): (job: CloseJob) => Promise<void> {
  const underWay = new Map<string, Promise<unknown>>();
  return async (job) => {
    const key = closeKey(job);
    let closing = underWay.get(key);
    if (closing === undefined) {
      closing = closePeriod(ledger, job).finally(() => underWay.delete(key));
      underWay.set(key, closing);
    }
    await closing;
  };
}
