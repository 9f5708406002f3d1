import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@rewardbook/local/free-port';
import { openQueues, type Queues } from '@rewardbook/queue/queues';
import { redisPrefix } from '@rewardbook/queue/redis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeAuthority } from '../support/certificates.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startSentinels } from '../support/redis-sentinels.ts';
import { redisMissing, startRedisServer } from '../support/redis-server.ts';
import { describeQueues } from './queue-contract.ts';
import { startRedisClusterQueueServer } from './queue-servers.ts';

const logger = { warn: () => undefined, error: () => undefined };
const FAILOVER_MS = 20_000;
const JOBS = 200;
const LAST = '999';

describeQueues('a Redis Cluster', startRedisClusterQueueServer, redisMissing);

describe.skipIf(redisMissing !== undefined)('Redis that is more than one server', { timeout: 60_000 }, () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) {
      await close();
    }
  });

  async function opened(redisUrl: string): Promise<Queues> {
    const queues = await openQueues({ redisUrl }, logger);
    open.push(() => queues.close(1_000));
    return queues;
  }

  /** Enqueues jobs, kills a server under their worker, and waits until another one has done the rest. */
  async function loseServer(queues: Queues, kill: () => Promise<void>): Promise<void> {
    const seen = new Set<string>();
    let isKilled = false;
    const killing = vi.fn(kill);
    await queues.worker('tally', async ({ batchIds }) => {
      if (seen.size > JOBS / 4 && !isKilled) {
        isKilled = true;
        await killing();
      }
      for (const id of batchIds) {
        seen.add(id);
      }
    });
    const ids = Array.from({ length: JOBS }, (_, index) => String(index + 1));
    await queues.enqueue('tally', ...ids.map((id) => ({ batchIds: [id] })));
    await vi.waitFor(() => expect(seen.size).toBe(JOBS), { timeout: FAILOVER_MS, interval: 50 });
    expect(killing).toHaveBeenCalledOnce();
    await vi.waitFor(() => queues.enqueue('tally', { batchIds: [LAST] }), { timeout: FAILOVER_MS, interval: 100 });
    await vi.waitFor(() => expect(seen).toContain(LAST), { timeout: FAILOVER_MS });
  }

  it('goes on with the replica of a node that was killed in the middle; with a password', async () => {
    const cluster = await startRedisCluster({ hasReplicas: true, password: 'p@ss:word' });
    open.push(() => cluster.stop());
    const primary = await cluster.primaryOf(redisPrefix('tally'));
    await loseServer(await opened(cluster.url), () => primary.kill());
  });

  it('goes on with the replica that Sentinels choose', async () => {
    const { url, primary, stop } = await startSentinels();
    open.push(stop);
    await loseServer(await opened(url), () => primary.kill());
  });

  it('says at the start what is wrong with a node that is not what its address says', async () => {
    const cluster = await startRedisCluster();
    open.push(() => cluster.stop());
    const server = await startRedisServer();
    open.push(() => server.stop());
    const replica = await startRedisServer({ configuration: ['--replicaof', '127.0.0.1', String(server.port)] });
    open.push(() => replica.stop());
    const [node] = cluster.nodes;
    await expect(openQueues({ redisUrl: node?.url ?? '' }, logger)).rejects.toThrow(
      'write REDIS_URL as redis-cluster://',
    );
    await expect(openQueues({ redisUrl: replica.url }, logger)).rejects.toThrow('is a replica');
    await expect(openQueues({ redisUrl: server.url.replace('redis:', 'redis-cluster:') }, logger)).rejects.toThrow(
      'is no node of a cluster',
    );
    await expect(openQueues({ redisUrl: 'redis://a,b' }, logger)).rejects.toMatchObject({ name: 'ConfigError' });
  });

  it('is asked over TLS, and its certificate is checked', async () => {
    const authority = makeAuthority('Authority of a test');
    const { certificate, key } = authority.issue('127.0.0.1');
    const folder = await mkdtemp(join(tmpdir(), 'rewardbook-redis-tls-'));
    open.push(() => rm(folder, { recursive: true }));
    const place = (name: string): string => join(folder, name);
    await Promise.all([
      writeFile(place('server.crt'), certificate),
      writeFile(place('server.key'), key, { mode: 0o600 }),
      writeFile(place('ca.crt'), authority.certificate),
    ]);
    const tlsPort = await findFreePort();
    const server = await startRedisServer({
      configuration: [
        ['--tls-port', String(tlsPort)],
        ['--tls-cert-file', place('server.crt')],
        ['--tls-key-file', place('server.key')],
        ['--tls-ca-cert-file', place('ca.crt')],
        ['--tls-auth-clients', 'no'],
      ].flat(),
    });
    open.push(() => server.stop());
    const redisUrl = `rediss://127.0.0.1:${tlsPort}`;
    await expect(openQueues({ redisUrl }, logger)).rejects.toMatchObject({ code: 'unavailable' });

    // Node reads authorities at its start.
    const program = fileURLToPath(new URL('./queue-worker-process.ts', import.meta.url));
    const worker = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify({ redisUrl })], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: place('ca.crt') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    open.push(async () => worker.kill('SIGKILL'));
    await (await opened(server.url)).enqueue('tally', { batchIds: ['7'] });
    expect(await once(createInterface(worker.stdout), 'line')).toEqual(['7']);
  });
});
