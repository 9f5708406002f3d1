import { databaseAddress } from '@rewardbook/db/database-address';
import { sessionOptions } from '@rewardbook/db/session';
import { createPostgresBackend, withBackend } from 'bullmq';
import type { QueueConnections } from './backend.ts';
import { ATTEMPTS_ON_POSTGRES, ENQUEUE_LIMIT_MS, RETRY_MS } from './limits.ts';
import { QUEUE_SCHEMA } from './migrate.ts';
import { PooledClient } from './pooled-client.ts';

const { Queue, Worker } = withBackend(createPostgresBackend);

export function postgresConnections(address: string): QueueConnections {
  const { url, ssl } = databaseAddress(address);
  const connection = (max: number) => ({
    connectionString: url,
    ssl,
    schema: QUEUE_SCHEMA,
    application_name: 'rewardbook-queue',
    options: sessionOptions('search_path'), // BullMQ adds its own
    connectionTimeoutMillis: ENQUEUE_LIMIT_MS,
    statement_timeout: 30_000,
    keepAlive: true,
    max,
    Client: PooledClient,
  });
  return {
    kind: 'postgres',
    queue: (name, options) => new Queue(name, { ...options, connection: connection(2) }),
    worker: (name, processor, options) =>
      new Worker<unknown, void>(name, processor, {
        ...options,
        // Some for jobs that end, one for locks and checks; LISTEN has its own outside the pool.
        connection: connection(Math.min(options.concurrency, 4) + 1),
        runRetryDelay: RETRY_MS,
      }),
    unfitness: async () => undefined,
    retries: { attempts: ATTEMPTS_ON_POSTGRES },
    close: async () => undefined,
  };
}
