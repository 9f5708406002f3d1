import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Scope } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import { type RejectionSource, surviveLostTypeQueries } from '@rewardbook/runtime/lost-type-query';
import { type Phase, shutDown } from '@rewardbook/runtime/shutdown';
import { type Keys, type LocalUrls, readConnection, writeConnection } from './connection-file.ts';
import { appOfCheckout } from './console/app-of-checkout.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { LocalSystemError } from './error.ts';
import { createFront } from './front.ts';
import { assertFree, type Ports, portsFrom } from './ports.ts';
import { asUnusable } from './postgres/data-place.ts';
import { loginsOf, makePeople, newKeys, provision, storeKeys } from './provision.ts';
import { openServices, type Services } from './services.ts';

export interface LocalOptions {
  /** Where data and `rewardbook.json` are kept. Default: a temporary folder, removed on close. */
  readonly dataDir?: string;
  /** Of the front; the services take the three after it. 0 takes free ones. */
  readonly port: number;
  /** A server to use instead of the embedded one; its role may create schemas and roles. */
  readonly databaseUrl?: string;
  /** Keeps the queue in Redis instead of Postgres. */
  readonly redisUrl?: string;
  /** Of the services' logs, which go to stderr. Default: warn. */
  readonly logLevel?: string;
  /** false, for tests: the database does not wait for the disk. Default true. */
  readonly durable?: boolean;
  /** People with keys of their own for this run, whom the console's session may change between; the first is signed in. */
  readonly people?: readonly LocalPerson[];
  /** Given by a process that is nothing but this system: keeps it alive through what a lost connection would end it by. */
  readonly process?: RejectionSource;
}

export interface LocalPerson {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface LocalSystem {
  readonly dataDir: string;
  readonly urls: LocalUrls;
  readonly keys: Keys;
  /** Of the database's owner: for tests that look behind the services. */
  readonly ownerUrl: string;
  /** Keys of the system's people, by their names. */
  readonly peoplesKeys: ReadonlyMap<string, string>;
  /** Builds the console's app if it is not built. @throws ConsoleAppError where that fails */
  buildConsole(): Promise<void>;
  /** An address that signs in to the console once, within ten minutes: as the first of the people, or with the key of all scopes. */
  consoleLink(): string;
  /** Rejects when the system cannot go on: its database ended. Never resolves. */
  readonly failed: Promise<never>;
  /** Services finish what is under way, then the database stops. Safe to call twice. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts the whole system in this process: database, queue, the four services and the front.
 *
 * @throws LocalSystemError, EmbeddedPostgresError, DatabaseUnfit or ConnectionFileError, whose messages say what to do;
 * what was started by then is stopped
 */
export async function startLocal(options: LocalOptions): Promise<LocalSystem> {
  const logger = createLogger({ name: 'rewardbook', level: options.logLevel ?? 'warn' });
  if (options.process !== undefined) {
    surviveLostTypeQueries(options.process, logger);
  }
  const ports = portsFrom(options.port);
  await assertFree(ports);
  // In the order of starting; a shutdown runs them the other way round.
  const phases: Phase[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= shutDown([...phases].reverse(), logger).then(() => undefined);
    return closing;
  };
  try {
    const database = await openDatabase(options);
    phases.push({ name: 'database', timeoutMs: 60_000, run: database.stop });
    const { dataDir, ownerUrl } = database;
    const serviceUrls = await provision(ownerUrl, loginsOf(dataDir));
    const keys = { ...newKeys(), ...(await readConnection(dataDir))?.keys };
    await storeKeys(ownerUrl, keys);
    const peoplesKeys = await makePeople(ownerUrl, options.people ?? []);

    const app = appOfCheckout();
    const people = [...peoplesKeys].map(([name, key]) => ({ name, key }));
    const services = await openServices({
      serviceUrls,
      redisUrl: options.redisUrl,
      console: { findApp: app.find, people },
      logger,
    });
    phases.push({ name: 'services', timeoutMs: 60_000, run: () => services.close() });
    const { urls, makeToken, close: closeFront } = await listen(ports, services.listen);
    phases.push({ name: 'front', timeoutMs: 2_000, run: closeFront });
    await writeConnection(dataDir, { urls, keys, pid: process.pid, startedAt: new Date().toISOString() });

    const failed = database.ended.then(async () => {
      const log = join(dataDir, 'postgres.log');
      const reason = await lastFailure(log);
      throw new LocalSystemError(`The database has ended${reason === undefined ? '' : ` (${reason})`}; see ${log}.`);
    });
    failed.catch(() => undefined); // whoever awaits it gets the error; on close no one needs to
    return {
      dataDir,
      urls,
      keys,
      peoplesKeys,
      ownerUrl,
      buildConsole: app.build,
      consoleLink: () => `${urls.console}/#token=${makeToken(people[0]?.key ?? keys.admin ?? keys.read)}`,
      failed,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A server's last message before it ended by itself, for example because its disk is full; undefined if it did not. */
async function lastFailure(log: string): Promise<string | undefined> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
  return lines
    .findLast((line) => /\b(PANIC|FATAL): {2}(?!the database system is)/.test(line))
    ?.replace(/^.*?\b(PANIC|FATAL): {2}/, '');
}

interface Database {
  readonly dataDir: string;
  readonly ownerUrl: string;
  /** Resolves when the server has ended, asked to or not; never for a server that is not ours. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

async function openDatabase({ dataDir, databaseUrl, durable = true }: LocalOptions): Promise<Database> {
  if (databaseUrl === undefined) {
    const server = await startEmbeddedPostgres({ durable, ...(dataDir === undefined ? {} : { dataDir }) });
    return { dataDir: server.dataDir, ownerUrl: server.url, ended: server.exited, stop: () => server.stop() };
  }
  const folder = dataDir === undefined ? await mkdtemp(join(tmpdir(), 'rewardbook-')) : resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o711 }).catch((error: unknown) => {
    throw asUnusable(folder, error);
  });
  return {
    dataDir: folder,
    ownerUrl: databaseUrl,
    ended: new Promise(() => undefined),
    stop: async () => {
      if (dataDir === undefined) {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The services listen first, so that what the front lists is there. */
async function listen(ports: Ports, listenServices: Services['listen']) {
  const services = await listenServices(ports, HOST);
  const urls = { front: '', ...services.urls };
  const front = createFront(urls);
  front.listen(ports.front, HOST);
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  urls.front = `http://${HOST}:${port}`;
  return {
    urls,
    makeToken: services.makeToken,
    close: async () => {
      front.close();
      front.closeAllConnections();
    },
  };
}
