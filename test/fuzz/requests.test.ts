import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import type { ServiceName } from '@rewardbook/db/roles';
import { compose as composeEvents } from '@rewardbook/engagement-events/compose';
import { compose as composeLedger } from '@rewardbook/ledger/compose';
import { compose as composeReports } from '@rewardbook/payout-reports/compose';
import { openQueues, type Queues } from '@rewardbook/queue/queues';
import { createKey, SCOPES } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { Draw } from './draw.ts';
import { drawRequest, type Request } from './draw-request.ts';
import { type Api, type Operation, readApi } from './operations.ts';

// Requests drawn from the services' own descriptions, with hostile values in every place, to services with books that have been
// closed once. Nothing may be answered with a fault of ours, hang or leave anything behind. FUZZ_REQUESTS and FUZZ_SEED run it longer,
// or draw others.
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 2_000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const AT_ONCE = 4;
const MAX_ANSWER_MS = 20_000;
const MAX_GROWTH_MB = 96;

let database: TestDatabase;
let owner: Sql;
let queues: Queues;
let key: { authorization: string };
const faults: unknown[] = [];
const answers = new Map<number, number>();
const services: (Composed & { readonly api: Api })[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  owner = connect(database.ownerUrl, { max: 1 });
  key = await newKey('fuzz');
  const logger = createLogger({ name: 'fuzz', level: 'silent' });
  queues = await openQueues({ postgresUrl: database.serviceUrls.ledger }, logger);
  const depsOf = (service: ServiceName) => ({ databaseUrl: database.serviceUrls[service], queues, logger });
  const labLimits = {
    events: 2_000,
    parties: 200,
    gridSize: 20,
    jobMs: 2_000,
    uploadBytes: 100_000,
    uploadsBytes: 1_000_000,
    heapMegabytes: 256,
  };
  for (const composed of [
    await composeEvents(depsOf('events')),
    await composeLedger(depsOf('ledger')),
    await composeReports({ ...depsOf('reports'), labLimits }),
  ]) {
    await composed.app.ready();
    services.push({ ...composed, api: readApi(composed.app.swagger()) });
  }
  await openBooks();
}, 120_000);

afterAll(async () => {
  for (const { app, workers, close } of services) {
    await app.close();
    await Promise.all(workers.map((worker) => worker.close()));
    await close();
  }
  await queues?.close();
  await owner?.end();
  await database?.drop();
});

async function newKey(name: string): Promise<{ authorization: string }> {
  const made = createKey();
  await storeApiKey(owner, { name, keyHash: made.hash, scopes: SCOPES });
  return { authorization: `Bearer ${made.key}` };
}

/** A program with a period that is closed and one that is open, a run that is approved and balances. */
async function openBooks(): Promise<void> {
  const [events, ledger] = services;
  const call = async (
    service: Composed | undefined,
    method: 'PUT' | 'POST',
    path: string,
    payload: object,
    headers = key,
  ) => {
    const answer = await service?.app.inject({ method, url: `/v1/programs/fuzz${path}`, headers, payload });
    expect(answer?.statusCode, answer?.body).toBeLessThan(300);
  };
  const policy = {
    program: 'fuzz',
    name: 'Fuzz',
    currency: 'EUR',
    timeZone: 'Asia/Jakarta',
    period: 'month',
    approvals: [],
  };
  await call(ledger, 'PUT', '', policy);
  const creators = ['ann', 'bob', '..', '宮本'].map((creatorId) => ({
    creatorId,
    payee: creatorId,
    taxCountry: 'ID',
    account: '1',
  }));
  await call(ledger, 'POST', '/creators', creators);
  const likes = creators.map(({ creatorId }, id) => ({
    id: `${id}`,
    type: 'like',
    viewerId: 'v',
    creatorId,
    contentId: 'k',
    occurredAt: '2024-05-02T00:00:00Z',
  }));
  await call(events, 'POST', '/events', likes);
  for (const period of ['2024-05', '2024-06']) {
    await call(ledger, 'POST', '/revenue', { period, amount: '1000.00', reference: period });
  }
  await call(ledger, 'POST', '/periods/2024-05/close', {});
  await vi.waitFor(async () => expect(await owner`SELECT 1 FROM journal_entry WHERE kind = 'close'`).toHaveLength(1), {
    timeout: 60_000,
  });
}

async function ask({ app }: Composed, { method, url, headers, payload }: Request): Promise<void> {
  const request = { method, url: url.slice(0, 300), headers, payload: payload?.toString().slice(0, 2_000) };
  const timer = setTimeout(() => faults.push({ fault: `no answer in ${MAX_ANSWER_MS} ms`, request }), MAX_ANSWER_MS);
  const answer = await app.inject({
    method: method as 'GET',
    url,
    headers: { ...headers, ...key },
    ...(payload === undefined ? {} : { payload }),
  });
  clearTimeout(timer);
  const { statusCode, body } = answer;
  answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1);
  const isBusy = statusCode === 503 && answer.headers['retry-after'] !== undefined;
  if (statusCode >= 500 && !isBusy) {
    faults.push({ fault: `${statusCode} ${body.slice(0, 300)}`, request });
  }
  if (body !== '' && answer.headers['content-type'] === undefined) {
    faults.push({ fault: 'a body without a type', request });
  }
}

/** What cannot be asked for here: it ends the keys, or it is a stream without an end. */
function isAskable({ method, path }: Operation): boolean {
  return !(method === 'DELETE' && path.startsWith('/v1/keys')) && !path.endsWith('/live');
}

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

it('answers whatever is asked, and keeps nothing of it', { timeout: 1_800_000 }, async () => {
  const draw = new Draw(SEED);
  const all = services.flatMap((service) =>
    service.api.operations.filter(isAskable).map((operation) => ({ service, operation })),
  );
  expect(all.length).toBeGreaterThan(60);
  const [first] = all;
  if (first === undefined) {
    throw new Error('no operations');
  }
  const round = async (requests: number): Promise<void> => {
    for (let asked = 0; asked < requests; asked += AT_ONCE) {
      const drawn = Array.from({ length: AT_ONCE }, (_, index) => all[(asked + index) % all.length] ?? first);
      await Promise.all(drawn.map(({ service, operation }) => ask(service, drawRequest(draw, service.api, operation))));
    }
  };
  await round(REQUESTS / 2);
  const before = heapMegabytes();
  await round(REQUESTS / 2);
  expect(faults, `FUZZ_SEED ${SEED}`).toEqual([]);
  // Requests that are all refused at the door test nothing.
  expect(answers.get(200) ?? 0).toBeGreaterThan(REQUESTS / 10);
  expect(heapMegabytes() - before).toBeLessThan(MAX_GROWTH_MB);
  const busy = () => owner`
    SELECT query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`;
  await vi.waitFor(async () => expect(await busy()).toEqual([]), { timeout: 30_000 });
  expect([Reflect.get({}, 'kind'), Reflect.get({}, 'polluted')]).toEqual([undefined, undefined]);
});
