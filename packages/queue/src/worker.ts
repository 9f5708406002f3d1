import { type JobData, jobSchemas, type QueueName } from '@rewardbook/contracts/api/jobs';
import { UnrecoverableError } from 'bullmq';
import type { QueueConnections, RawWorker } from './backend.ts';
import { messageOf, QueueError } from './error.ts';
import { CONNECT_LIMIT_MS, DISCONNECT_LIMIT_MS, LOCK_MS, MAX_STALLED, STALLED_CHECK_MS } from './limits.ts';
import type { QueueLogger } from './logger.ts';
import { withTimeLimit } from './time-limit.ts';

export interface JobContext {
  readonly jobId: string;
  /** 1 for the first; a run that a killed worker left behind is not counted */
  readonly attempt: number;
  /** aborted when a close has run out of time */
  readonly signal: AbortSignal;
}

/**
 * Does a job. It runs at least once, and now and then twice at the same time (a worker that was taken for dead), so the
 * effect is guarded in the database. If it throws, the job is retried. It must not keep the event loop busy for
 * seconds: its lock is renewed from there.
 */
export type JobHandler<N extends QueueName> = (data: JobData[N], context: JobContext) => Promise<void>;

export interface QueueWorker {
  /**
   * Takes no more jobs, waits for those that run, then ends the connections.
   *
   * @param limitMs after it their signals are aborted and the connections ended: such a job runs again elsewhere
   * @returns whether all jobs were finished
   */
  close(limitMs?: number): Promise<boolean>;
}

/** @throws QueueError `unavailable` */
export async function startWorker<N extends QueueName>(
  connections: QueueConnections,
  name: N,
  handler: JobHandler<N>,
  concurrency: number,
  logger: QueueLogger,
  onError: (error: unknown, queue: string) => void,
): Promise<QueueWorker> {
  const worker = connections.worker(
    name,
    // BullMQ gives a signal to processors of three parameters.
    async (job, _token, signal) => {
      const parsed = jobSchemas[name].safeParse(job.data);
      if (!parsed.success) {
        throw new UnrecoverableError(`malformed ${name} job: ${parsed.error.issues[0]?.message ?? 'not valid'}`);
      }
      await handler(parsed.data, {
        jobId: job.id ?? '',
        attempt: job.attemptsMade + 1,
        signal: signal ?? new AbortController().signal,
      });
    },
    {
      autorun: false,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
    },
  );
  worker.on('error', (error) => onError(error, name));
  worker.on('stalled', (jobId) => logger.warn({ queue: name, jobId }, 'a job lost its worker and runs again'));
  worker.on('failed', (job, error) =>
    logger.error({ err: error, queue: name, jobId: job?.id, attempts: job?.attemptsMade }, 'a job failed'),
  );
  try {
    await withTimeLimit(worker.waitUntilReady(), CONNECT_LIMIT_MS, `connecting the worker of ${name}`);
  } catch (cause) {
    await disconnect(worker);
    throw new QueueError('unavailable', `The queue ${name} cannot be worked on: ${messageOf(cause)}`, { cause });
  }
  worker.run().catch((error: unknown) => onError(error, name));
  return { close: (limitMs = 30_000) => closeWorker(worker, name, limitMs, logger) };
}

async function closeWorker(worker: RawWorker, name: string, limitMs: number, logger: QueueLogger): Promise<boolean> {
  const closing = worker.close();
  try {
    await withTimeLimit(closing, limitMs, `closing the worker of ${name}`);
    return true;
  } catch (error) {
    logger.warn({ queue: name, err: error }, 'jobs were still running: they will run again');
    worker.cancelAllJobs('closing');
    await disconnect(worker);
    return false;
  }
}

async function disconnect(worker: RawWorker): Promise<void> {
  await withTimeLimit(Promise.resolve(worker.disconnect()), DISCONNECT_LIMIT_MS, 'disconnecting').catch(
    () => undefined,
  );
}
