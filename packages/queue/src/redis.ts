import { createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { QueueConnections } from './backend.ts';
import { ATTEMPTS, CONNECT_LIMIT_MS, FIRST_BACKOFF_MS, RETRY_MS } from './limits.ts';
import type { QueueLogger } from './logger.ts';

const { Queue, Worker } = withBackend(createRedisBackend);

/** Braces: all keys in one slot of a Redis Cluster. */
const PREFIX = '{rewardbook}';

const reconnection = {
  connectTimeout: CONNECT_LIMIT_MS,
  retryStrategy: (times: number) => Math.min(50 * times, 1_000),
};

/** @param onError of the producers' connection */
export function redisConnections(
  url: string,
  logger: QueueLogger,
  onError: (error: unknown) => void,
): QueueConnections {
  // Nothing waits in memory for Redis to come back: the caller gets an error, and the sweep enqueues again.
  const shared = new Redis(url, { ...reconnection, enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  shared.on('error', onError);
  shared.on('ready', () => void warnIfForgetful(shared, logger).catch(onError));
  return {
    kind: 'redis',
    queue: (name, options) => new Queue(name, { ...options, connection: shared, prefix: PREFIX }),
    worker: (name, processor, options) =>
      new Worker<unknown, void>(name, processor, {
        ...options,
        connection: { url, ...reconnection, maxRetriesPerRequest: null },
        prefix: PREFIX,
        runRetryDelay: RETRY_MS,
      }),
    retries: { attempts: ATTEMPTS, backoff: { type: 'exponential', delay: FIRST_BACKOFF_MS } },
    close: async () => {
      shared.disconnect();
    },
  };
}

async function warnIfForgetful(redis: Redis, logger: QueueLogger): Promise<void> {
  const info = `${await redis.info('persistence')}\n${await redis.info('memory')}`;
  if (/^aof_enabled:0/m.test(info)) {
    logger.warn({}, 'Redis keeps no append-only file: queued jobs wait for the sweep after a restart (appendonly yes)');
  }
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    logger.warn({ policy }, 'Redis evicts jobs when its memory is full: set maxmemory-policy to noeviction');
  }
}
