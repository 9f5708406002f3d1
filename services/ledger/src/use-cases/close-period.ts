import type { CloseJob } from '@rewardbook/contracts/jobs';
import { withAttempt } from '../store/attempt-store.ts';
import { commitClose } from '../store/close-commit-store.ts';
import { postHoldbacks } from '../store/holdback-store.ts';
import { findPeriod, noteFailure } from '../store/period-store.ts';
import { computeClose, type FoldAttempt, partsOf } from './compute-close.ts';
import { requireProgram } from './find-program.ts';
import { type Ledger, timed } from './ledger.ts';
import { type ClosePlan, planClose } from './plan-close.ts';
import { stageClose } from './stage-close.ts';

/**
 * Does a close that was begun, from the fold to the commit. It may run any number of times, at the same time too, and be killed
 * anywhere: each attempt writes under numbers of its own, and the first to commit is the one that counts.
 *
 * @returns the resultHash that stands, or undefined where no close of the period was begun
 */
export async function closePeriod(ledger: Ledger, { program: slug, period }: CloseJob): Promise<string | undefined> {
  const program = await requireProgram(ledger.sql, slug);
  const row = await findPeriod(ledger.sql, program.programId, period);
  if (row === undefined) return undefined;
  if (row.resultHash !== null) {
    await postHoldbacks(ledger.slowSql, program.programId); // a crash may have come between
    return row.resultHash;
  }
  try {
    const plan = await planClose(ledger, program, row);
    const parts = await partsOf(ledger, plan);
    const { programId } = program;
    const resultHash = await withAttempt(ledger.openConnection, { programId, closeNo: plan.closeNo, parts }, (foldId) =>
      attempt(ledger, plan, { foldId, folders: Array.from({ length: parts }, () => ledger.slowSql) }),
    );
    await postHoldbacks(ledger.slowSql, programId);
    return resultHash;
  } catch (error) {
    await noteFailure(
      ledger.sql,
      program.programId,
      period,
      error instanceof Error ? error.message : String(error),
    ).catch(
      () => undefined, // the database is what failed: the error below says so
    );
    throw error;
  }
}

async function attempt(
  ledger: Ledger,
  plan: ClosePlan,
  { foldId, folders }: FoldAttempt & { readonly foldId: string },
): Promise<string> {
  const computed = await computeClose(ledger, plan, { foldId, folders });
  const call = await timed(ledger, 'stage', () => stageClose(ledger, plan, foldId, computed));
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
    const key = `${job.program} ${job.period}`;
    let closing = underWay.get(key);
    if (closing === undefined) {
      closing = closePeriod(ledger, job).finally(() => underWay.delete(key));
      underWay.set(key, closing);
    }
    await closing;
  };
}
