import { type JobData, jobSchemas, type QueueName } from '@rewardbook/contracts/api/jobs';
import type { QueueBackend, QueueConnections, RawQueue } from './backend.ts';
import { messageOf, QueueError } from './error.ts';
import {
  CONNECT_LIMIT_MS,
  DISCONNECT_LIMIT_MS,
  ENQUEUE_LIMIT_MS,
  KEEP_COMPLETED,
  KEEP_FAILED,
  PROBE_LIMIT_MS,
} from './limits.ts';
import { logErrorsOf, type QueueLogger } from './logger.ts';
import { postgresConnections } from './postgres.ts';
import { redisConnections } from './redis.ts';
import { withTimeLimit } from './time-limit.ts';
import { type JobHandler, type QueueWorker, startWorker } from './worker.ts';

/** Jobs of a queue by state. */
export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** kept for inspection, bounded */
  readonly failed: number;
}

export interface Queues {
  readonly kind: 'redis' | 'postgres';
  /**
   * Puts jobs into a queue.
   *
   * @throws QueueError `malformed-job` before anything is written; `enqueue-failed` when the server does not answer
   * in 5 s: the jobs may or may not be there. What they refer to is durable, and the sweep enqueues it again.
   */
  enqueue<N extends QueueName>(name: N, ...jobs: readonly JobData[N][]): Promise<void>;
  /**
   * Starts to work on a queue.
   *
   * @param options.concurrency jobs at the same time, default 1
   * @throws QueueError `unavailable`
   */
  worker<N extends QueueName>(
    name: N,
    handler: JobHandler<N>,
    options?: { readonly concurrency?: number },
  ): Promise<QueueWorker>;
  /** @throws QueueError `unavailable` when the server does not answer in 2 s */
  ready(): Promise<void>;
  /** @throws QueueError `unavailable` */
  depths(): Promise<Record<QueueName, QueueDepth>>;
  /**
   * Closes the workers (see QueueWorker), then the producers.
   *
   * @returns whether all jobs were finished
   */
  close(limitMs?: number): Promise<boolean>;
}

/**
 * Opens the queues on Redis or on Postgres; what uses them cannot tell which.
 *
 * @throws QueueError `unavailable`; ConfigError where `redisUrl` cannot be read
 */
export async function openQueues(backend: QueueBackend, logger: QueueLogger): Promise<Queues> {
  let closing: Promise<boolean> | undefined;
  const logError = logErrorsOf(logger);
  // While the queues close, the server may be stopping too and end their connections: nothing is lost by that.
  const onError = (error: unknown, queue: string): void => {
    if (closing === undefined) {
      logError(error, queue);
    }
  };
  const connections: QueueConnections =
    'redisUrl' in backend
      ? redisConnections(backend.redisUrl, logger, (error) => onError(error, 'producers'))
      : postgresConnections(backend.postgresUrl);
  const queues: Record<QueueName, RawQueue> = {
    tally: openQueue(connections, 'tally', onError),
    close: openQueue(connections, 'close', onError),
  };
  const workers = new Set<QueueWorker>();

  const closeAll = async (limitMs: number): Promise<boolean> => {
    const finished = await Promise.all([...workers].map((worker) => worker.close(limitMs)));
    const ends = [...Object.values(queues).map((queue) => queue.close()), connections.close()];
    await withTimeLimit(Promise.allSettled(ends), DISCONNECT_LIMIT_MS, 'disconnecting').catch(() => undefined);
    return finished.every(Boolean);
  };

  try {
    const opening = Promise.all([
      requireFit(connections),
      ...Object.values(queues).map((queue) => queue.waitUntilReady()),
    ]);
    await withTimeLimit(opening, CONNECT_LIMIT_MS, 'connecting');
  } catch (cause) {
    await closeAll(0);
    throw new QueueError('unavailable', `The queue's ${connections.kind} cannot be used: ${messageOf(cause)}`, {
      cause,
    });
  }

  return {
    kind: connections.kind,
    enqueue: async (name, ...jobs) => {
      if (jobs.length === 0) {
        return;
      }
      const schema = jobSchemas[name];
      for (const job of jobs) {
        const parsed = schema.safeParse(job);
        if (!parsed.success) {
          throw new QueueError('malformed-job', `A ${name} job does not match its schema: ${parsed.error.message}`);
        }
      }
      try {
        if (closing !== undefined) {
          throw new Error('the queues are closed');
        }
        // Not addBulk: in Postgres it makes a temporary table, which no service is allowed to.
        const adding = Promise.all(jobs.map((job) => queues[name].add(name, job)));
        await withTimeLimit(adding, ENQUEUE_LIMIT_MS, 'enqueueing');
      } catch (cause) {
        throw new QueueError('enqueue-failed', `The ${name} job was not enqueued: ${messageOf(cause)}`, { cause });
      }
    },
    worker: async (name, handler, options = {}) => {
      if (closing !== undefined) {
        throw new QueueError('unavailable', 'The queues are closed.');
      }
      const worker = await startWorker(connections, name, handler, options.concurrency ?? 1, logger, onError);
      workers.add(worker);
      return worker;
    },
    ready: async () => {
      await probe(queues.tally.getJobCounts('waiting'), connections.kind);
    },
    depths: async () => {
      const [tally, close] = await probe(Promise.all([depthOf(queues.tally), depthOf(queues.close)]), connections.kind);
      return { tally, close };
    },
    close: (limitMs = 30_000) => {
      closing ??= closeAll(limitMs);
      return closing;
    },
  };
}

function openQueue(
  connections: QueueConnections,
  name: QueueName,
  onError: (error: unknown, queue: string) => void,
): RawQueue {
  const queue = connections.queue(name, {
    defaultJobOptions: { ...connections.retries, removeOnComplete: KEEP_COMPLETED, removeOnFail: KEEP_FAILED },
  });
  queue.on('error', (error) => onError(error, name));
  return queue;
}

async function probe<T>(answer: Promise<T>, kind: string): Promise<T> {
  try {
    return await withTimeLimit(answer, PROBE_LIMIT_MS, 'an answer');
  } catch (cause) {
    throw new QueueError('unavailable', `The queue's ${kind} does not answer: ${messageOf(cause)}`, { cause });
  }
}

async function depthOf(queue: RawQueue): Promise<QueueDepth> {
  const {
    waiting = 0,
    active = 0,
    delayed = 0,
    failed = 0,
  } = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
  return { waiting, active, delayed, failed };
}

/** Says at once what would be found only by waiting: a cluster's client waits for ever where there is no cluster, and the other way round. */
async function requireFit(connections: QueueConnections): Promise<void> {
  const unfitness = await connections.unfitness();
  if (unfitness !== undefined) {
    throw new Error(unfitness);
  }
}
