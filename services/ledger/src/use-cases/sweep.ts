import type { JobData, QueueName } from '@rewardbook/contracts/jobs';
import { sweepAttempts } from '../store/fold-store.ts';
import { postHoldbacks, programsWithPendingHoldbacks } from '../store/holdback-store.ts';
import { closingPeriods } from '../store/period-store.ts';
import { findUntallied, sealLeftBehind } from '../store/tally-store.ts';
import { carryOutLeftBehind } from './decide.ts';
import type { Ledger } from './ledger.ts';

/** What of the queues a sweep needs. */
export interface SweptQueues {
  enqueue<N extends QueueName>(name: N, ...jobs: readonly JobData[N][]): Promise<void>;
  depths(): Promise<Record<QueueName, { readonly waiting: number; readonly active: number; readonly delayed: number }>>;
}

export interface Swept {
  readonly sealed: number;
  readonly enqueuedBatches: number;
  readonly enqueuedCloses: number;
  readonly sweptAttempts: number;
}

const UNSEALED_AFTER_SECONDS = 10;
const UNTALLIED_AFTER_SECONDS = 5;
const DEAD_AFTER_SECONDS = 3_600;
const BATCHES_A_JOB = 100;
const MAX_BATCHES = 10_000;

/**
 * Finds what a crash left behind: seals batches, enqueues what was recorded and not tallied and the closes that were begun,
 * removes dead attempts, posts holdbacks that are pending, carries out what was approved. A queue that has work already is left
 * alone: what is missing may be in it.
 */
export async function sweep(ledger: Ledger, queues: SweptQueues, now: () => number = Date.now): Promise<Swept> {
  const sealed = await sealLeftBehind(ledger.sql, UNSEALED_AFTER_SECONDS);
  const sweptAttempts = await sweepAttempts(ledger.slowSql, DEAD_AFTER_SECONDS);
  const depths = await queues.depths();
  const isIdle = (name: QueueName): boolean => depths[name].waiting + depths[name].active + depths[name].delayed === 0;

  const closes = isIdle('close') ? await closingPeriods(ledger.sql) : [];
  await queues.enqueue('close', ...closes);
  const batches = isIdle('tally') ? await findUntallied(ledger.sql, UNTALLIED_AFTER_SECONDS, MAX_BATCHES) : [];
  const jobs: JobData['tally'][] = [];
  for (let first = 0; first < batches.length; first += BATCHES_A_JOB) {
    jobs.push({ batchIds: batches.slice(first, first + BATCHES_A_JOB) });
  }
  await queues.enqueue('tally', ...jobs);

  for (const programId of await programsWithPendingHoldbacks(ledger.sql))
    await postHoldbacks(ledger.slowSql, programId);
  await carryOutLeftBehind(ledger, now());
  return { sealed, enqueuedBatches: batches.length, enqueuedCloses: closes.length, sweptAttempts };
}
