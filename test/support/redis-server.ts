import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@rewardbook/local/free-port';
import { watchOver } from '@rewardbook/local/postgres/watchdog';
import { Redis } from 'ioredis';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly isRunning: boolean;
  /** SIGKILL: what the append-only file has is what is left. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Undefined where `redis-server` is on the PATH, else what a skipped test says. */
export const redisMissing: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'skipped: no redis-server on the PATH (Debian: apt-get install redis-server)';

export interface RedisServerOptions {
  /** More of its configuration, as `--name value`. */
  readonly configuration?: readonly string[];
  /** Every client has to give it. */
  readonly password?: string;
  /** Of a file that is the whole configuration: the server is a Sentinel. */
  readonly sentinel?: string;
}

/** Starts a private Redis on a free port, with an append-only file flushed at every write, and without eviction. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-redis-'));
  const port = await findFreePort();
  let { child, release } = await launch(port, folder, options);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    release();
    if (child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: () => end('SIGKILL'),
    restart: async () => {
      ({ child, release } = await launch(port, folder, options));
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(
  port: number,
  folder: string,
  options: RedisServerOptions,
): Promise<{ child: ChildProcess; release: () => void }> {
  const child = spawn('redis-server', await argumentsOf(port, folder, options), {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  child.stdout?.resume();
  if (child.pid === undefined) {
    throw new Error('redis-server did not start');
  }
  const release = watchOver(child.pid, undefined);
  const client = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    ...(options.password === undefined ? {} : { password: options.password }),
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  });
  client.on('error', () => undefined); // refused until it listens
  try {
    // It answers before the file is loaded; `ready` comes after.
    await Promise.race([
      client
        .connect()
        .catch(() => undefined)
        .then(() => client.ping()),
      once(child, 'exit').then(() => Promise.reject(new Error('redis-server ended while starting'))),
    ]);
  } finally {
    client.disconnect();
  }
  return { child, release };
}

async function argumentsOf(
  port: number,
  folder: string,
  { configuration = [], password, sentinel }: RedisServerOptions,
): Promise<string[]> {
  const place = [
    ['--port', String(port)],
    ['--bind', '127.0.0.1'],
    ['--dir', folder],
  ].flat();
  if (sentinel !== undefined) {
    const file = join(folder, 'sentinel.conf'); // which it writes to
    await writeFile(file, sentinel, { flag: 'a' });
    return [file, ...place, '--sentinel'];
  }
  return [
    ...place,
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--maxmemory-policy', 'noeviction'],
    ...(password === undefined ? [] : ['--requirepass', password, '--masterauth', password]),
    ...configuration,
  ];
}
