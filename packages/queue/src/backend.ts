import type { JobsOptions, Processor, QueueOptions, WorkerOptions } from 'bullmq';

/** Where the jobs are kept. */
export type QueueBackend =
  | {
      /** A server, a cluster or Sentinels: `redis-address.ts`. */
      readonly redisUrl: string;
    }
  /** a direct connection of the service's role (LISTEN does not go through a transaction pooler) */
  | { readonly postgresUrl: string };

/** The part of a BullMQ queue that is used, whatever its backend. */
export interface RawQueue {
  add(name: string, data: object): Promise<unknown>;
  getJobCounts(...states: ('waiting' | 'active' | 'delayed' | 'failed')[]): Promise<Record<string, number>>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a BullMQ worker that is used. */
export interface RawWorker {
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  close(): Promise<void>;
  disconnect(): Promise<unknown>;
  cancelAllJobs(reason?: string): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'stalled', listener: (jobId: string) => void): unknown;
  on(
    event: 'failed',
    listener: (job: { id?: string; attemptsMade: number } | undefined, error: Error) => void,
  ): unknown;
}

/** A backend's own part: how connections are made. */
export interface QueueConnections {
  readonly kind: 'redis' | 'postgres';
  queue(name: string, options: Omit<QueueOptions, 'connection'>): RawQueue;
  worker(
    name: string,
    processor: Processor<unknown, void>,
    options: Omit<WorkerOptions, 'connection' | 'concurrency'> & { readonly concurrency: number },
  ): RawWorker;
  /** Why a server that answers cannot keep jobs, and what to do; undefined where it can. */
  unfitness(): Promise<string | undefined>;
  /** how often, and after which pause, a failed job is tried again */
  readonly retries: Pick<JobsOptions, 'attempts' | 'backoff'>;
  /** Ends what the queues share. */
  close(): Promise<void>;
}
