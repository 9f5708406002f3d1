import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@rewardbook/db/migrate';
import { startEmbeddedPostgres } from '@rewardbook/local/embedded-postgres';
import type { QueueBackend } from '@rewardbook/queue/backend';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { redisPrefix } from '@rewardbook/queue/redis';
import { parseRedisAddress } from '@rewardbook/queue/redis-address';
import { connectRedis, type RedisClient } from '@rewardbook/queue/redis-client';
import { createPostgresBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import postgres from 'postgres';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedisServer } from '../support/redis-server.ts';

/** A queue server of a contract test's own, which it may kill. */
export interface QueueServer {
  readonly backend: QueueBackend;
  /** Puts something into a queue past our checks. */
  plant(queue: string, data: object): Promise<void>;
  /** Removes all jobs. */
  reset(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedisQueueServer(): Promise<QueueServer> {
  const server = await startRedisServer();
  const redisUrl = server.url;
  return {
    backend: { redisUrl },
    plant: (name, data) => plantInRedis(new Redis(redisUrl), name, data),
    reset: async () => {
      const client = new Redis(redisUrl);
      await client.flushall();
      client.disconnect();
    },
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  };
}

/** A cluster of three primaries; what is killed is the one that has the queue `tally`. */
export async function startRedisClusterQueueServer(): Promise<QueueServer> {
  const cluster = await startRedisCluster();
  const primary = await cluster.primaryOf(redisPrefix('tally'));
  return {
    backend: { redisUrl: cluster.url },
    plant: (name, data) => plantInRedis(connectRedis(parseRedisAddress(cluster.url), { waits: true }), name, data),
    reset: () => cluster.onPrimaries((client) => client.flushall()),
    kill: () => primary.kill(),
    restart: async () => {
      await primary.restart();
      await cluster.untilWhole();
    },
    stop: () => cluster.stop(),
  };
}

async function plantInRedis(connection: RedisClient, name: string, data: object): Promise<void> {
  const queue = new Queue(name, { connection, prefix: redisPrefix(name) });
  await queue.add(name, data);
  await queue.close();
  connection.disconnect();
}

export async function startPostgresQueueServer(): Promise<QueueServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rewardbook-queue-'));
  await chmod(dataDir, 0o711);
  let server = await startEmbeddedPostgres({ dataDir, durable: false });
  const ownerUrl = server.url;
  await migrate(ownerUrl);
  await Promise.all([migrateQueue(ownerUrl), migrateQueue(ownerUrl)]);
  const password = randomBytes(16).toString('hex');
  await asOwner(ownerUrl, `CREATE ROLE queue_tester LOGIN PASSWORD '${password}' IN ROLE rewardbook_ledger`);
  const serviceUrl = new URL(ownerUrl);
  serviceUrl.username = 'queue_tester';
  serviceUrl.password = password;
  return {
    backend: { postgresUrl: serviceUrl.href },
    plant: async (name, data) => {
      const queue = new Queue(name, { connection: ownerUrl }, createPostgresBackend);
      await queue.add(name, data);
      await queue.close();
    },
    reset: () => asOwner(ownerUrl, 'TRUNCATE bullmq.job, bullmq.event CASCADE'),
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    restart: async () => {
      server = await startEmbeddedPostgres({ dataDir, port: server.port, durable: false });
    },
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function asOwner(ownerUrl: string, statement: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
