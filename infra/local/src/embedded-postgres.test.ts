import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

const asRoot = process.geteuid?.() === 0;
const cleanups: (() => Promise<unknown>)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-test-'));
  await chmod(folder, 0o711);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startEmbeddedPostgres>[0] = {}) {
  const server = await startEmbeddedPostgres({ durable: false, ...options });
  cleanups.push(() => server.stop());
  return server;
}

async function ask(url: string, statement: string) {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

/** Runs the start in its own process, which prints the server as JSON and then waits for its end. */
async function startElsewhere(
  umask: string,
  { uid, dataDir }: { uid?: number; dataDir?: string } = {},
): Promise<{ child: ChildProcess; dataDir: string; pid: number; url: string }> {
  const module = fileURLToPath(new URL('./embedded-postgres.ts', import.meta.url));
  const script = `process.umask(0o${umask});
    const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
    const { url, pid, dataDir } = await startEmbeddedPostgres(${JSON.stringify(dataDir === undefined ? { durable: false } : { dataDir })});
    console.log(JSON.stringify({ url, pid, dataDir }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  cleanups.push(async () => child.kill('SIGKILL'));
  const [line] = await Promise.race([
    once(createInterface(child.stdout ?? process.stdin), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`ended with ${code}`))),
  ]);
  return { child, ...JSON.parse(line) };
}

async function isGone(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    () => true,
  );
}

describe('embedded Postgres', () => {
  it('is UTF-8 in byte order, on loopback, with a password that only its owner reads', async () => {
    const server = await start({ dataDir: join(folder, 'a/b') });
    const [row] = await ask(
      server.url,
      `SELECT current_setting('server_encoding') AS encoding, datcollate AS collation,
         current_setting('listen_addresses') AS listens FROM pg_database WHERE datname = 'postgres'`,
    );
    expect(row).toEqual({ encoding: 'UTF8', collation: 'C', listens: '127.0.0.1' });
    const { mode } = await stat(join(folder, 'a/b/cluster/rewardbook.password'));
    expect(mode & 0o777).toBe(0o600);
    await expect(ask(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('waits for the disk unless told otherwise', async () => {
    const { url } = await start({ durable: true });
    const rows = await ask(
      url,
      `SELECT setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')`,
    );
    expect(rows.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
  });

  it('keeps its data over a stop and over SIGKILL, whose lock file is left behind', async () => {
    const dataDir = join(folder, 'kept');
    const first = await start({ dataDir });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await first.stop();
    const second = await start({ dataDir });
    await ask(second.url, 'INSERT INTO kept VALUES (2)');
    process.kill(second.pid, 'SIGKILL');
    await second.exited;
    const third = await start({ dataDir, port: second.port });
    expect(third.url).toBe(second.url);
    expect(await ask(third.url, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('removes a temporary folder on stop', async () => {
    const server = await start();
    await server.stop();
    expect(await isGone(server.dataDir)).toBe(true);
  });

  it('lets two simultaneous starts have their own servers', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.port).not.toBe(two.port);
    expect(await ask(two.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('gives a folder to one of two simultaneous starts, and refuses the other', async () => {
    const dataDir = join(folder, 'shared');
    const outcomes = await Promise.allSettled([start({ dataDir }), start({ dataDir })]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'in-use' });
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'postgres.log']);
  });

  it('names a port that is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    cleanups.push(async () => blocker.close());
    const address = blocker.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(start({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`${port}`),
    });
  });

  it.each(['022', '077'])('ends, and tidies up, when its owner is killed (umask %s)', async (umask) => {
    const { child, pid, url, dataDir } = await startElsewhere(umask);
    expect(await ask(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await isGone(dataDir)).toBe(true), { timeout: 10_000 });
  });

  it('ends when a backend and then its owner are killed, and the next start recovers', {
    timeout: 90_000,
  }, async () => {
    const dataDir = join(folder, 'crashed');
    const { child, pid, url } = await startElsewhere('022', { dataDir });
    const sql = postgres(url, { max: 2, onnotice: () => undefined, connect_timeout: 5 });
    cleanups.push(() => sql.end({ timeout: 0 }));
    await sql`CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n`;
    const sleeping = sql`SELECT pg_sleep(600)`.catch((error: unknown) => error);
    const backend = await vi.waitFor(async () => {
      const [row] = await sql<{ pid: number }[]>`SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
      expect(row).toBeDefined();
      return row?.pid ?? 0;
    });
    process.kill(backend, 'SIGKILL');
    // In the middle of its recovery a fast shutdown waits forever.
    await vi.waitFor(
      async () => expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toMatch(/reinitializing/),
      {
        timeout: 10_000,
        interval: 5,
      },
    );
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), { timeout: 40_000 });
    await sleeping;
    const next = await start({ dataDir });
    expect(await ask(next.url, 'SELECT count(*)::integer AS n FROM kept')).toEqual([{ n: 1000 }]);
  });

  it.runIf(asRoot)('says as root which folder its user cannot enter, and what to choose', async () => {
    const closed = join(folder, 'closed');
    await start({ dataDir: join(closed, 'x') }).then((server) => server.stop());
    await chmod(closed, 0o700);
    await expect(start({ dataDir: join(closed, 'data') })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(new RegExp(`may not enter ${closed}\\..*Choose a data folder outside it`)),
    });
  });
});
