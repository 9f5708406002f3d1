import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './free-port.ts';
import { type Binaries, placeBinaries } from './postgres/binaries.ts';
import { type Cluster, ensureCluster } from './postgres/cluster.ts';
import { asUnusable, ensureDataFolder } from './postgres/data-place.ts';
import { EmbeddedPostgresError } from './postgres/error.ts';
import { clearStaleLock, readLockFile } from './postgres/lock-file.ts';
import { findBarrier } from './postgres/reach.ts';
import { exitOf, programOptions } from './postgres/run.ts';
import { chooseServerUser, type ServerUser } from './postgres/server-user.ts';
import { isSharedMemoryScarce, serverSettings } from './postgres/settings.ts';
import { SHUTDOWN_LIMITS_S, watchOver } from './postgres/watchdog.ts';

export interface EmbeddedPostgresOptions {
  /** Where the data is kept; made if missing. Default: a temporary folder, removed on stop. */
  readonly dataDir?: string;
  /** On 127.0.0.1. Default, and for 0: a free one. */
  readonly port?: number;
  /** false, for tests: does not wait for the disk. Default true. */
  readonly durable?: boolean;
  /** Server settings on top of ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** of the superuser, on the database `postgres` */
  readonly url: string;
  readonly port: number;
  /** of the server's first process */
  readonly pid: number;
  readonly dataDir: string;
  /** Resolves when the server has ended, asked to or not. */
  readonly exited: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, everything committed is kept. Safe to call twice. */
  stop(): Promise<void>;
}

interface StartedServer {
  readonly child: ChildProcess;
  readonly exit: Promise<unknown>;
  readonly pid: number;
  readonly port: number;
}

/** How long a start waits for another server of the same folder that is on its way out, or for a port. */
const START_LIMIT_MS = 60_000;
/** How long a server may take to be ready: after a crash it goes through all that was not yet in its files. */
const RECOVERY_LIMIT_MS = 600_000;
const STOP_LIMIT_MS = 30_000;
/** An immediate shutdown that takes longer is stuck. */
const QUIT_LIMIT_MS = 1_000 * SHUTDOWN_LIMITS_S.immediate;
/** A server whose owner was killed a moment ago has not yet been told to stop. */
const GRACE_MS = 2_000;
const POLL_MS = 15;

/**
 * Starts a PostgreSQL server of our own, on loopback, with a random password kept in the data folder (mode 600).
 * It ends with this process, however that ends.
 *
 * @throws EmbeddedPostgresError with a message that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true;
  const user = chooseServerUser(process.geteuid?.(), await readFile('/etc/passwd', 'utf8').catch(() => ''));
  const binaries = await placeBinaries(user);
  const temporary = options.dataDir === undefined ? await makeTemporaryFolder(user) : undefined;
  const dataDir = resolve(temporary ?? options.dataDir ?? '');
  try {
    await ensureDataFolder(dataDir, user);
    const cluster = await ensureCluster(dataDir, binaries, user, durable);
    await waitForFolder(cluster.folder);
    const server = await startServer(binaries, cluster, { dataDir, temporary, user }, { ...options, durable });
    return supervise(server, cluster, dataDir, temporary);
  } catch (error) {
    if (temporary !== undefined) {
      await rm(temporary, { recursive: true, force: true });
    }
    throw error;
  }
}

async function makeTemporaryFolder(user: ServerUser | undefined): Promise<string> {
  for (const base of new Set([tmpdir(), '/var/tmp', '/tmp'])) {
    if ((await findBarrier(base, user).catch(() => base)) !== undefined) {
      continue;
    }
    const folder = await mkdtemp(join(base, 'rewardbook-'));
    await chmod(folder, 0o711);
    return folder;
  }
  throw new EmbeddedPostgresError(
    'unreachable',
    `No temporary folder can be entered by user ${user?.name}. Set TMPDIR to one that can, or choose a data folder.`,
  );
}

/** Waits for a server of this cluster that is stopping; one that keeps running is in use. */
async function waitForFolder(cluster: string): Promise<void> {
  const begun = Date.now();
  for (;;) {
    const lock = await clearStaleLock(cluster);
    if (lock === undefined) {
      return;
    }
    if (Date.now() - begun > (lock.status === 'stopping' ? START_LIMIT_MS : GRACE_MS)) {
      throw new EmbeddedPostgresError(
        'in-use',
        `${cluster} is in use by another server, process ${lock.pid}. Stop it, or choose another data folder.`,
      );
    }
    await delay(POLL_MS);
  }
}

async function startServer(
  binaries: Binaries,
  cluster: Cluster,
  { dataDir, temporary, user }: { dataDir: string; temporary: string | undefined; user: ServerUser | undefined },
  options: EmbeddedPostgresOptions & { readonly durable: boolean },
): Promise<StartedServer> {
  const program = join(binaries.folder, 'bin/postgres');
  const logFile = join(dataDir, 'postgres.log');
  const scarceMemory = await isSharedMemoryScarce();
  const begun = Date.now();
  for (;;) {
    const port = options.port || (await findFreePort());
    const log = await open(logFile, 'a', 0o600).catch((error: unknown) => {
      throw asUnusable(dataDir, error);
    });
    const logStart = (await log.stat()).size;
    const settings = { ...serverSettings(port, options.durable, scarceMemory), ...options.settings };
    const args = [
      '-D',
      cluster.folder,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const child = spawn(program, args, { ...programOptions(user), stdio: ['ignore', log.fd, log.fd] });
    const exit = exitOf(child, program);
    // From the first moment on: a server that recovers for long would outlive us otherwise.
    const stopWatching = child.pid === undefined ? () => undefined : watchOver(child.pid, temporary);
    exit.then(stopWatching, stopWatching);
    const outcome = await Promise.race([untilReady(cluster.folder, child), exit]).finally(() => log.close());
    if (outcome === 'ready' && child.pid !== undefined) {
      return { child, exit, pid: child.pid, port };
    }

    await exit;
    const said = (await readFile(logFile, 'utf8')).slice(logStart).trim();
    const portTaken = /could not create any TCP\/IP sockets/.test(said);
    const folderTaken = /lock file "postmaster\.pid" already exists/.test(said);
    // Backends of a server that was killed with SIGKILL go within moments; till then they hold its shared memory.
    const leftovers = /pre-existing shared memory block/.test(said);
    const canRetry = (portTaken && !options.port) || leftovers;
    if (canRetry && Date.now() - begun < START_LIMIT_MS) {
      await delay(POLL_MS);
      continue;
    }
    if (folderTaken) {
      throw new EmbeddedPostgresError(
        'in-use',
        `${cluster.folder} is in use by another server. Choose another data folder.`,
      );
    }
    if (portTaken) {
      throw new EmbeddedPostgresError(
        'port-in-use',
        `Port ${port} on 127.0.0.1 is taken. Choose another, or 0 for a free one.`,
      );
    }
    throw new EmbeddedPostgresError('failed', `PostgreSQL did not start; ${logFile} ends with: ${said.slice(-2000)}`);
  }
}

async function untilReady(cluster: string, child: ChildProcess): Promise<'ready' | 'late'> {
  const begun = Date.now();
  while (child.exitCode === null && child.signalCode === null) {
    const lock = await readLockFile(cluster);
    if (lock?.status === 'ready' && lock.pid === child.pid) {
      return 'ready';
    }
    if (Date.now() - begun > RECOVERY_LIMIT_MS) {
      child.kill('SIGQUIT');
      setTimeout(() => child.kill('SIGKILL'), QUIT_LIMIT_MS).unref();
      return 'late';
    }
    await delay(POLL_MS);
  }
  return 'late';
}

function supervise(
  { child, exit, pid, port }: StartedServer,
  cluster: Cluster,
  dataDir: string,
  temporary: string | undefined,
): EmbeddedPostgres {
  const exited = exit.then(() => undefined);
  child.unref(); // the watchdog ends the server when this process has nothing left to do
  let stopping: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    child.ref();
    child.kill('SIGINT');
    // Immediate shutdown is as safe as a crash: the next start recovers.
    const force = [
      setTimeout(() => child.kill('SIGQUIT'), STOP_LIMIT_MS),
      setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS + QUIT_LIMIT_MS),
    ];
    await exited;
    for (const timer of force) {
      clearTimeout(timer);
    }
    if (temporary !== undefined) {
      await rm(temporary, { recursive: true, force: true });
    }
  };
  return {
    url: `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
    port,
    pid,
    dataDir,
    exited,
    stop: () => {
      stopping ??= shutDown();
      return stopping;
    },
  };
}
