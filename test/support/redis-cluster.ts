import { findFreePort } from '@rewardbook/local/free-port';
import { Redis } from 'ioredis';
import { vi } from 'vitest';
import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts';

const SLOTS = 16_384;
const PRIMARIES = 3;
/** A node that is silent for as long is lost, and its replica takes over. */
const NODE_TIMEOUT_MS = 1_000;
const READY = { timeout: 20_000, interval: 50 };

export interface RedisCluster {
  /** As in REDIS_URL. */
  readonly url: string;
  readonly nodes: readonly RedisServer[];
  /** The primary that has a key. */
  primaryOf(key: string): Promise<RedisServer>;
  /** Runs something on each primary. */
  onPrimaries(act: (client: Redis) => Promise<unknown>): Promise<void>;
  /** Until all slots are served, by nodes that answer. */
  untilWhole(): Promise<void>;
  stop(): Promise<void>;
}

/** A private cluster of three primaries, each with a replica where these are wanted. */
export async function startRedisCluster({
  hasReplicas = false,
  password,
}: {
  readonly hasReplicas?: boolean;
  readonly password?: string;
} = {}): Promise<RedisCluster> {
  const count = hasReplicas ? 2 * PRIMARIES : PRIMARIES;
  const nodes: RedisServer[] = [];
  const busPorts: number[] = [];
  for (let node = 0; node < count; node += 1) {
    const busPort = await findFreePort();
    busPorts.push(busPort);
    nodes.push(await startRedisServer(nodeOptions(busPort, password)));
  }
  const connect = (node: RedisServer): Redis =>
    new Redis(node.port, '127.0.0.1', password === undefined ? {} : { password });
  const ask = async <Answer>(node: RedisServer, act: (client: Redis) => Promise<Answer>): Promise<Answer> => {
    const client = connect(node);
    try {
      return await act(client);
    } finally {
      client.disconnect();
    }
  };
  const call = (node: RedisServer, ...words: readonly (string | number)[]): Promise<unknown> =>
    ask(node, (client) => client.call('CLUSTER', ...words));
  const primaries = nodes.slice(0, PRIMARIES);
  const alive = (): RedisServer[] => nodes.filter(({ isRunning }) => isRunning);
  const untilWhole = async (): Promise<void> => {
    for (const node of alive()) {
      await vi.waitFor(async () => {
        const info = String(await call(node, 'INFO'));
        if (!info.includes('cluster_state:ok') || !info.includes(`cluster_known_nodes:${count}`)) {
          throw new Error(info);
        }
      }, READY);
    }
  };

  const [first] = primaries;
  for (const [index, node] of nodes.entries()) {
    await call(node, 'MEET', '127.0.0.1', first?.port ?? 0, busPorts[0] ?? 0);
    if (index < PRIMARIES) {
      await call(node, 'ADDSLOTSRANGE', firstSlot(index), firstSlot(index + 1) - 1);
    }
  }
  await untilWhole();
  for (const [index, replica] of nodes.slice(PRIMARIES).entries()) {
    const primary = primaries[index];
    if (primary !== undefined) {
      const id = String(await call(primary, 'MYID'));
      await call(replica, 'REPLICATE', id);
      await vi.waitFor(async () => {
        const info = await ask(replica, (client) => client.info('replication'));
        if (!info.includes('master_link_status:up')) {
          throw new Error(info);
        }
      }, READY);
    }
  }

  return {
    url: `redis-cluster://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    untilWhole,
    primaryOf: async (key) => {
      const [any] = alive();
      const slot = any === undefined ? -1 : Number(await call(any, 'KEYSLOT', key));
      const found = primaries.findLast((_node, index) => slot >= firstSlot(index));
      if (found === undefined) {
        throw new Error('no node answers');
      }
      return found;
    },
    onPrimaries: async (act) => {
      for (const node of primaries) {
        await ask(node, act);
      }
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

function firstSlot(primary: number): number {
  return Math.floor((primary * SLOTS) / PRIMARIES);
}

function nodeOptions(busPort: number, password: string | undefined): RedisServerOptions {
  const configuration = [
    ['--cluster-enabled', 'yes'],
    ['--cluster-port', String(busPort)],
    ['--cluster-node-timeout', String(NODE_TIMEOUT_MS)],
    ['--cluster-require-full-coverage', 'no'],
  ].flat();
  return { configuration, ...(password === undefined ? {} : { password }) };
}
