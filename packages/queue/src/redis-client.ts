import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { CONNECT_LIMIT_MS } from './limits.ts';
import type { RedisAddress, RedisNode } from './redis-address.ts';

export type RedisClient = Redis | Cluster;

/** What a connection is for. */
export interface RedisUse {
  /** Commands wait for Redis to come back. Without it the caller gets an error at once. */
  readonly waits: boolean;
}

const MAX_PAUSE_MS = 1_000;
const SLOTS_LIMIT_MS = 2_000;

/** Opens a connection of its own to a server, a cluster or to the primary that Sentinels name, and takes it up again when it is lost. */
export function connectRedis(address: RedisAddress, { waits }: RedisUse): RedisClient {
  const options = { ...signInOptions(address), maxRetriesPerRequest: waits ? null : 1 };
  const [node] = address.nodes;
  return address.kind === 'cluster'
    ? new Cluster([...address.nodes], clusterOptions(options, address.isEncrypted, waits))
    : new Redis({
        ...options,
        ...(address.kind === 'sentinel' ? sentinelOptions(address) : node),
        db: address.database,
        enableOfflineQueue: waits,
        retryStrategy: pause,
      });
}

function signInOptions({ isEncrypted, username, password }: RedisAddress): RedisOptions {
  return {
    connectTimeout: CONNECT_LIMIT_MS,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isEncrypted ? { tls: {} } : {}),
  };
}

function clusterOptions(redisOptions: RedisOptions, isEncrypted: boolean, waits: boolean): ClusterOptions {
  return {
    redisOptions,
    enableOfflineQueue: waits,
    // Of the whole cluster. A node that is lost is dropped, not waited for: another one may have its place by then.
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: SLOTS_LIMIT_MS,
    // Certificates are for names: an address that was looked up would not fit them.
    ...(isEncrypted ? { dnsLookup: (name, callback) => callback(null, name) } : {}),
  };
}

function sentinelOptions({ nodes, primaryName, isEncrypted, sentinelPassword }: RedisAddress): RedisOptions {
  return {
    sentinels: nodes.map((node) => ({ ...node })),
    ...(primaryName === undefined ? {} : { name: primaryName }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    enableTLSForSentinelMode: isEncrypted,
    sentinelRetryStrategy: pause,
  };
}

function pause(times: number): number {
  return Math.min(50 * times, MAX_PAUSE_MS);
}

/** Servers that keep jobs: of a cluster all that are primaries. */
export function primariesOf(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}

/** Why a server that answers cannot keep jobs for an address, and what to write instead; undefined where it can, or where none answers. */
export async function unfitness(address: RedisAddress): Promise<string | undefined> {
  if (address.kind === 'sentinel') {
    return undefined; // they name a primary, or none
  }
  for (const node of address.nodes) {
    const info = await askOnce(address, node);
    if (info !== undefined) {
      return unfitnessFor(address.kind, info);
    }
  }
  return undefined;
}

/** What a node says of itself; undefined where it does not answer, or lets nobody in: who connects to it finds out why. */
async function askOnce(address: RedisAddress, node: RedisNode): Promise<string | undefined> {
  const client = new Redis({ ...signInOptions(address), ...node, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined); // connect() rejects with it
  try {
    await client.connect();
    return `${await client.info('server')}\n${await client.info('replication')}`;
  } catch {
    return undefined;
  } finally {
    client.disconnect();
  }
}

function unfitnessFor(kind: 'server' | 'cluster', info: string): string | undefined {
  const mode = /^redis_mode:(\w+)/m.exec(info)?.[1];
  if (kind === 'cluster') {
    return mode === 'cluster' ? undefined : 'this Redis is no node of a cluster: write REDIS_URL as redis://host:port';
  }
  switch (mode) {
    case 'cluster':
      return 'this Redis is a node of a cluster: write REDIS_URL as redis-cluster://host:port,host:port,…';
    case 'sentinel':
      return 'this is a Sentinel: write REDIS_URL as redis-sentinel://host:port,…/primary-name';
    default:
      return /^role:slave/m.test(info)
        ? 'this Redis is a replica, which takes no jobs: give REDIS_URL its primary, or the Sentinels'
        : undefined;
  }
}
