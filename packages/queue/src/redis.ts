import { createRedisBackend, withBackend } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueConnections, RawWorker } from './backend.ts';
import { ATTEMPTS, FIRST_BACKOFF_MS, RETRY_MS } from './limits.ts';
import type { QueueLogger } from './logger.ts';
import { parseRedisAddress } from './redis-address.ts';
import { connectRedis, primariesOf, type RedisClient, unfitness } from './redis-client.ts';

const { Queue, Worker } = withBackend(createRedisBackend);

/** Braces: all keys of a queue are in one slot of a cluster, and the queues' slots on several nodes. */
export function redisPrefix(queue: string): string {
  return `{rewardbook:${queue}}`;
}

/**
 * @param url as `parseRedisAddress`
 * @param onError of the producers' connection
 * @throws ConfigError
 */
export function redisConnections(
  url: string,
  logger: QueueLogger,
  onError: (error: unknown) => void,
): QueueConnections {
  const address = parseRedisAddress(url);
  // Nothing waits in memory for Redis to come back: the caller gets an error, and the sweep enqueues again.
  const shared = connectRedis(address, { waits: false });
  shared.on('error', onError);
  shared.on('ready', () => void warnOfForgetful(primariesOf(shared), logger).catch(onError));
  return {
    kind: 'redis',
    queue: (name, options) => new Queue(name, { ...options, connection: shared, prefix: redisPrefix(name) }),
    // A connection of its own: a cluster's is not to be shared with workers, which wait on it.
    worker: (name, processor, options) => {
      const own = connectRedis(address, { waits: true });
      const worker = new Worker<unknown, void>(name, processor, {
        ...options,
        connection: own,
        prefix: redisPrefix(name),
        runRetryDelay: RETRY_MS,
      });
      return endingToo(worker, own);
    },
    unfitness: () => unfitness(address),
    retries: { attempts: ATTEMPTS, backoff: { type: 'exponential', delay: FIRST_BACKOFF_MS } },
    close: async () => {
      shared.disconnect();
    },
  };
}

/** A worker that ends its connection with itself: BullMQ leaves one that it was given open. */
function endingToo(worker: InstanceType<typeof Worker<unknown, void>>, own: RedisClient): RawWorker {
  return {
    waitUntilReady: () => worker.waitUntilReady(),
    run: () => worker.run(),
    close: () => worker.close().finally(() => own.disconnect()),
    disconnect: () => Promise.resolve(worker.disconnect()).finally(() => own.disconnect()),
    cancelAllJobs: (reason) => worker.cancelAllJobs(reason),
    on: (event: never, listener: never) => worker.on(event, listener),
  };
}

async function warnOfForgetful(primaries: readonly Redis[], logger: QueueLogger): Promise<void> {
  await Promise.all(primaries.map((primary) => warnIfForgetful(primary, logger)));
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
