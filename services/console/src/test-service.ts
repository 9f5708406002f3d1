import { rm } from 'node:fs/promises';
import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { compose as composeLedger } from '@rewardbook/ledger/compose';
import { openQueues } from '@rewardbook/queue/queues';
import { createKey, hashKey, type Scope } from '@rewardbook/runtime/access/api-key';
import { pino } from 'pino';
import { Agent, type Dispatcher } from 'undici';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { type ComposedConsole, type ConsoleDeps, compose } from './compose.ts';
import { makeBuiltApp } from './test-support/built-app.ts';
import { type StubService, startStubService } from './test-support/stub-service.ts';

/** The console over HTTP, before a real ledger, and a stub in the place of the other services. */
export interface TestConsole {
  readonly url: string;
  /** As people write it: host and port. */
  readonly host: string;
  readonly service: ComposedConsole;
  readonly stub: StubService;
  /** The console's clock, in epoch milliseconds. It does not move by itself. */
  now(): number;
  /** Moves it. */
  pass(ms: number): void;
  newKey(name: string, ...scopes: Scope[]): Promise<string>;
  revoke(key: string): Promise<void>;
  /** A request with exactly these headers; the path is sent unchanged. */
  ask(path: string, request?: TestRequest): Promise<TestAnswer>;
  /** The cookie of a new session with this key. */
  signIn(key: string): Promise<string>;
  /** Stops the ledger, as if it were away. */
  stopLedger(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestRequest {
  readonly method?: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: Dispatcher.DispatchOptions['body'];
  readonly signal?: AbortSignal;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  json(): any;
}

/** What a browser says of a request of the console's own page. */
export const FROM_PAGE = { 'sec-fetch-site': 'same-origin' } as const;

export async function startTestConsole(deps: Partial<ConsoleDeps> = {}): Promise<TestConsole> {
  const database = await createTestDatabase();
  const owner = connect(database.ownerUrl, { max: 1 });
  const logger = pino({ level: process.env.TEST_LOG ?? 'silent' });
  const queues = await openQueues({ postgresUrl: database.serviceUrls.ledger }, logger);
  const ledger = await composeLedger({ databaseUrl: database.serviceUrls.ledger, queues, logger });
  const ledgerUrl = await ledger.app.listen({ host: '127.0.0.1', port: 0 });
  const stub = await startStubService();
  const appFolder = await makeBuiltApp();
  let clockMs = Date.now();
  const service = await compose({
    addresses: { events: stub.url, ledger: ledgerUrl, reports: stub.url },
    findApp: async () => appFolder,
    secret: 'the secret of a test, long enough',
    signInsPerMinute: 1_000,
    logger,
    now: () => clockMs,
    ...deps,
  });
  const url = await service.app.listen({ host: '127.0.0.1', port: 0 });
  const client = new Agent();
  const ask = (path: string, request: TestRequest = {}) => send(client, url, path, request);
  let ledgerStopped: Promise<void> | undefined;
  const stopLedger = (): Promise<void> => {
    ledgerStopped ??= (async () => {
      await ledger.app.close();
      await Promise.all(ledger.workers.map((worker) => worker.close()));
      await ledger.close();
      await queues.close();
    })();
    return ledgerStopped;
  };
  return {
    url,
    host: new URL(url).host,
    service,
    stub,
    now: () => clockMs,
    pass: (ms) => {
      clockMs += ms;
    },
    newKey: (name, ...scopes) => newKey(owner, name, scopes),
    revoke: async (key) => {
      await owner`UPDATE api_key SET revoked_at = now() WHERE key_hash = ${hashKey(key)}`;
    },
    ask,
    async signIn(key) {
      const { headers, text } = await ask('/session', { method: 'POST', headers: FROM_PAGE, json: { key } });
      const cookie = cookieOf(headers);
      if (cookie === undefined) {
        throw new Error(`not signed in: ${text}`);
      }
      return cookie;
    },
    stopLedger,
    async stop() {
      await client.destroy();
      await service.app.close();
      await service.close();
      await stub.stop();
      await stopLedger();
      await owner.end();
      await database.drop();
      await rm(appFolder, { recursive: true, force: true });
    },
  };
}

async function newKey(owner: Sql, name: string, scopes: readonly Scope[]): Promise<string> {
  const { key, hash } = createKey();
  await storeApiKey(owner, { name, keyHash: hash, scopes });
  return key;
}

async function send(client: Agent, origin: string, path: string, request: TestRequest): Promise<TestAnswer> {
  const { method = 'GET', headers, cookie, json, body, signal } = request;
  const answer = await client.request({
    origin,
    path,
    method,
    headers: {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
    ...(json === undefined ? (body === undefined ? {} : { body }) : { body: JSON.stringify(json) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) };
}

/** `name=value` of the cookie that an answer sets; undefined if it sets none. */
export function cookieOf({ 'set-cookie': given }: TestAnswer['headers']): string | undefined {
  return String(given ?? '').split(';')[0] || undefined;
}
