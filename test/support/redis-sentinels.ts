import { Redis } from 'ioredis';
import { vi } from 'vitest';
import { type RedisServer, startRedisServer } from './redis-server.ts';

const READY = { timeout: 20_000, interval: 50 };

/** A private primary with a replica, and a Sentinel that makes the replica the primary when it is lost for a second. */
export async function startSentinels(): Promise<{
  /** As in REDIS_URL. */
  readonly url: string;
  readonly primary: RedisServer;
  stop(): Promise<void>;
}> {
  const primary = await startRedisServer();
  const replica = await startRedisServer({ configuration: ['--replicaof', '127.0.0.1', String(primary.port)] });
  const sentinel = await startRedisServer({
    sentinel: [
      `sentinel monitor main 127.0.0.1 ${primary.port} 1`,
      'sentinel down-after-milliseconds main 1000',
      'sentinel failover-timeout main 5000',
      '',
    ].join('\n'),
  });
  const client = new Redis(sentinel.port, '127.0.0.1');
  try {
    await vi.waitFor(async () => {
      const replicas = JSON.stringify(await client.call('SENTINEL', 'replicas', 'main'));
      if (!replicas.includes(String(replica.port)) || !replicas.includes('"master-link-status","ok"')) {
        throw new Error(replicas);
      }
    }, READY);
  } finally {
    client.disconnect();
  }
  return {
    url: `redis-sentinel://127.0.0.1:${sentinel.port}/main`,
    primary,
    stop: async () => {
      await Promise.all([sentinel, replica, primary].map((server) => server.stop()));
    },
  };
}
