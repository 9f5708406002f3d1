import type { JobData, QueueName } from '@rewardbook/contracts/api/jobs';
import { keepOrder, listsToSort } from '@rewardbook/db/lists/sheets';
import { approvedRequests } from '../approvals/sql.ts';
import { sweepAttempts } from '../close/sql/attempts.ts';
import { postHoldbacks, programsWithPendingHoldbacks } from '../close/sql/holdbacks.ts';
import { checkClose, closesToCheck, closesToTry } from '../close/sql/periods.ts';
import { carryOut } from '../decisions/decide.ts';
import { programsToRoll, rollBalances } from '../journal/checkpoint-sql.ts';
import type { Ledger } from '../service/ledger.ts';
import { findUntallied, sealLeftBehind } from '../tallies/sql.ts';
import { sweepVerifyRuns } from '../verify/runs-sql.ts';

/** What of the queues a sweep needs. */
export interface SweptQueues {
  enqueue<N extends QueueName>(name: N, ...jobs: readonly JobData[N][]): Promise<void>;
  depths(): Promise<Record<QueueName, { readonly waiting: number; readonly active: number; readonly delayed: number }>>;
}

export interface Swept {
  /** What kept steps from being done; the others were. */
  readonly failures: readonly unknown[];
  readonly sealed: number;
  readonly enqueuedBatches: number;
  readonly enqueuedCloses: number;
  readonly sweptAttempts: number;
}

const UNSEALED_AFTER_SECONDS = 10;
const UNTALLIED_AFTER_SECONDS = 5;
const DEAD_AFTER_SECONDS = 3_600;
const BATCHES_PER_JOB = 100;
const MAX_BATCHES = 10_000;

/**
 * Finds what a crash left behind: seals batches, removes dead attempts, says of verifications that nobody works on that they were
 * interrupted, posts holdbacks that are pending, checks new closes, carries out what was approved, rolls balances' checkpoints, keeps
 * the orders of long lists, enqueues what was recorded and not tallied and the closes that were begun. A queue that has work already is left
 * alone: what is missing may be in it. A step that fails keeps no other from being done, and the queues are asked last: the books
 * do not wait for them.
 */
export async function sweepLeftBehind(
  ledger: Ledger,
  queues: SweptQueues,
  now: () => number = Date.now,
): Promise<Swept> {
  const failures: unknown[] = [];
  const step = <Value>(work: Promise<Value>, otherwise: Value): Promise<Value> =>
    work.catch((error) => {
      failures.push(error);
      return otherwise;
    });

  const sealed = await step(sealLeftBehind(ledger.sql, UNSEALED_AFTER_SECONDS), 0);
  await step(sweepVerifyRuns(ledger.sql), 0);
  const sweptAttempts = await step(sweepAttempts(ledger.slowSql, DEAD_AFTER_SECONDS), 0);
  for (const programId of await step(programsWithPendingHoldbacks(ledger.sql), [])) {
    await step(postHoldbacks(ledger.slowSql, programId), 0);
  }
  for (const close of await step(closesToCheck(ledger.sql), [])) {
    await step(assertSound(ledger, close), undefined);
  }
  for (const { program, request } of await step(approvedRequests(ledger.sql), [])) {
    await step(carryOut(ledger, program, request, now()), undefined);
  }

  for (const programId of await step(programsToRoll(ledger.slowSql), [])) {
    await step(rollBalances(ledger.slowSql, programId), undefined);
  }
  for (const list of await step(listsToSort(ledger.slowSql), [])) {
    await step(keepOrder(ledger.slowSql, list), false);
  }

  const depths = await step(queues.depths(), undefined);
  const isIdle = (name: QueueName): boolean => {
    if (depths === undefined) {
      return false;
    }
    const { waiting, active, delayed } = depths[name];
    return waiting + active + delayed === 0;
  };
  const enqueue = <N extends QueueName>(name: N, jobs: readonly JobData[N][]): Promise<boolean> =>
    step(
      queues.enqueue(name, ...jobs).then(() => true),
      false,
    );

  const closes = isIdle('close') ? await step(closesToTry(ledger.sql), []) : [];
  const enqueuedCloses = (await enqueue('close', closes)) ? closes.length : 0;
  const batches = isIdle('tally')
    ? await step(findUntallied(ledger.sql, UNTALLIED_AFTER_SECONDS, MAX_BATCHES), [])
    : [];
  const jobs: JobData['tally'][] = [];
  for (let first = 0; first < batches.length; first += BATCHES_PER_JOB) {
    jobs.push({ batchIds: batches.slice(first, first + BATCHES_PER_JOB) });
  }
  const enqueuedBatches = (await enqueue('tally', jobs)) ? batches.length : 0;
  return { failures, sealed, enqueuedBatches, enqueuedCloses, sweptAttempts };
}

/** Fails for a close that gives what the recorded events do not: somebody has to know before a run is to be approved. */
async function assertSound(
  ledger: Ledger,
  { programId, closeNo, period }: { programId: number; closeNo: number; period: string },
): Promise<void> {
  const creatorId = await checkClose(ledger.slowSql, programId, closeNo);
  if (creatorId !== null) {
    throw new Error(
      `the close of ${period} (program ${programId}) gives creator ${creatorId} what the recorded events do not: verify the books`,
    );
  }
}
