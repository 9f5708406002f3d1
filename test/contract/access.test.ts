import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import type { ServiceName } from '@rewardbook/db/roles';
import { compose as composeEvents } from '@rewardbook/engagement-events/compose';
import { compose as composeLedger } from '@rewardbook/ledger/compose';
import { compose as composeReports } from '@rewardbook/payout-reports/compose';
import { openQueues, type Queues } from '@rewardbook/queue/queues';
import { createKey, SCOPES, type Scope } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { createTestApp } from '@rewardbook/runtime/test-app';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { testPolicy } from '../support/test-policy.ts';
import { walkWithBoundKey } from './walk-bound-key.ts';
import { type Callers, undescribed, walkRoutes } from './walk-routes.ts';

const OWN_PROGRAM = 'own-program';
const OTHER_PROGRAM = 'other-program';
/** Routes without a program in their path that a key for some programs may ask, and what keeps each to these. */
const NARROWED = {
  'GET /v1/programs': 'lists those of the key',
  'GET /v1/audit-log': 'shows requests about those of the key',
  'GET /v1/audit-log/file': 'has requests about those of the key',
  'GET /v1/keys': 'lists keys that are for no others than those of the key',
  'POST /v1/keys': 'makes keys for some of those of the key: create_api_key refuses others',
  'DELETE /v1/keys/:keyId': 'revokes keys that are for no others than those of the key: revoke_api_key refuses others',
  'GET /v1/keys/current': 'says what the key itself is',
  'POST /v1/lab/events': 'keeps what the key itself sent, of no program',
  'POST /v1/lab/questions': 'asks about what the key itself sent, or about recorded events of those of the key',
  'GET /v1/lab/jobs': 'lists jobs of the key itself',
  'GET /v1/lab/jobs/:job': 'is about a job of the key itself',
  'DELETE /v1/lab/jobs/:job': 'is about a job of the key itself',
  'GET /v1/lab/jobs/:job/answer': 'is about a job of the key itself',
} as const;

const SERVICES = ['engagement-events', 'ledger', 'payout-reports'] as const;

let database: TestDatabase;
let owner: Sql;
let queues: Queues;
let callers: Callers;
let bound: { authorization: string };
const services = new Map<string, Composed>();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = connect(database.ownerUrl, { max: 1 });
  callers = {
    refused: {
      'no key': {},
      'a wrong key': { authorization: `Bearer ${createKey().key}` },
      'an expired key': await keyWith(SCOPES, { expiresAt: new Date(Date.now() - 1_000) }),
      'a revoked key': await keyWith(SCOPES),
    },
    withScope: {
      'events:write': await keyWith(['events:write']),
      operate: await keyWith(['operate']),
      approve: await keyWith(['approve']),
      read: await keyWith(['read']),
      'read:payments': await keyWith(['read:payments']),
    },
  };
  const [{ keyId } = { keyId: '0' }] = await owner<{ keyId: string }[]>`
    SELECT max(key_id)::text AS "keyId" FROM api_key WHERE scopes = ${[...SCOPES]}`;
  await owner`UPDATE api_key SET revoked_at = now() WHERE key_id = ${keyId}::bigint`;

  bound = await keyWith(SCOPES, { programs: [OWN_PROGRAM] });

  const logger = createLogger({ name: 'access', level: 'silent' });
  queues = await openQueues({ postgresUrl: database.serviceUrls.ledger }, logger);
  const depsOf = (service: ServiceName) => ({ databaseUrl: database.serviceUrls[service], queues, logger });
  services.set('engagement-events', await composeEvents(depsOf('events')));
  services.set('ledger', await composeLedger(depsOf('ledger')));
  services.set('payout-reports', await composeReports(depsOf('reports')));
  for (const { app } of services.values()) {
    await app.ready();
  }
  const headers = await keyWith(SCOPES, { name: 'who makes programs' });
  for (const program of [OWN_PROGRAM, OTHER_PROGRAM]) {
    const made = await appOf('ledger').inject({
      method: 'PUT',
      url: `/v1/programs/${program}`,
      headers,
      payload: testPolicy({ program }),
    });
    expect(made.statusCode).toBe(201);
  }
});
afterAll(async () => {
  for (const { app, workers, close } of services.values()) {
    await app.close();
    await Promise.all(workers.map((worker) => worker.close()));
    await close();
  }
  await queues.close();
  await owner.end();
  await database.drop();
});

async function keyWith(
  scopes: readonly Scope[],
  options: { readonly name?: string; readonly expiresAt?: Date; readonly programs?: readonly string[] } = {},
): Promise<{ authorization: string }> {
  const { key, hash } = createKey();
  const name = [...scopes, ...Object.keys(options)].join(' ');
  await storeApiKey(owner, { keyHash: hash, scopes, name, ...options });
  return { authorization: `Bearer ${key}` };
}

function appOf(name: string): Composed['app'] {
  const service = services.get(name);
  if (service === undefined) {
    throw new Error(`no service ${name}`);
  }
  return service.app;
}

describe('every route of every service', () => {
  const LEAST_ROUTES = { 'engagement-events': 5, ledger: 20, 'payout-reports': 5 };

  it.each(SERVICES)('%s: asks for a key that works, of the scope that the route declares', async (name) => {
    const { routes, requests, faults } = await walkRoutes(appOf(name), callers);
    expect(faults).toEqual([]);
    expect(routes).toBeGreaterThanOrEqual(LEAST_ROUTES[name]);
    expect(requests).toBe(routes * (Object.keys(callers.refused).length + SCOPES.length));
  });

  it.each(SERVICES)('%s: shows a key that is bound to a program no other one', async (name) => {
    const { routes, faults } = await walkWithBoundKey(appOf(name), {
      headers: bound,
      otherProgram: OTHER_PROGRAM,
      narrowed: NARROWED,
    });
    expect(faults).toEqual([]);
    expect(routes).toBeGreaterThanOrEqual(LEAST_ROUTES[name]);
  });

  it('what is said to be narrowed is there', () => {
    const registered = SERVICES.flatMap((name) => appOf(name).registeredRoutes());
    const patterns = new Set(registered.map(({ method, url }) => `${method} ${url}`));
    expect(Object.keys(NARROWED).filter((route) => !patterns.has(route))).toEqual([]);
  });

  it.each(SERVICES)('%s: has its scope in the description of the API', (name) => {
    expect(undescribed(appOf(name))).toEqual([]);
  });
});

it('sees a route that is open, and one that answers to the wrong scope', async () => {
  const { app, keyWith: testKey } = await createTestApp();
  app.get('/hidden', { schema: { hide: true } }, async () => 'open');
  app.get('/v1/things', { config: { scope: 'read' }, schema: {} }, async () => 'read');
  app.post('/v1/things', { config: { scope: 'operate' } }, async (_request, reply) => reply.code(403).send('never'));
  await app.ready();
  const withScope = {
    'events:write': testKey(['events:write']),
    operate: testKey(['operate']),
    approve: testKey(['approve', 'read']),
    read: testKey(['read']),
    'read:payments': testKey(['read:payments']),
  };
  const { faults } = await walkRoutes(app, { refused: { 'a key after all': testKey(['read']) }, withScope });
  await app.close();
  expect(faults).toEqual([
    'GET /hidden declares no scope',
    'HEAD /hidden declares no scope',
    'GET /v1/things answers 200 to a key after all',
    'GET /v1/things (read) answers 200 to approve',
    'HEAD /v1/things answers 200 to a key after all',
    'HEAD /v1/things (read) answers 200 to approve',
    'POST /v1/things answers 403 to a key after all',
    'POST /v1/things (operate) answers 403 to operate',
  ]);
});

it('sees a route that shows a bound key another program, that is on no list, or tells what is there', async () => {
  const { app, keyWith: testKey } = await createTestApp();
  const read = { config: { scope: 'read' as const } };
  app.get('/v1/everything', { config: { scope: 'read', boundKeys: 'narrowed' } }, async () => 'other-program');
  app.get('/v1/all', { config: { scope: 'read', boundKeys: 'narrowed' } }, async () => 'other-program');
  app.get('/v1/sums', read, async () => 'refused');
  app.get('/v1/programs/:program', read, async () => 'refused');
  app.get<{ Params: { program: string } }>('/open/:program', async ({ params }, reply) =>
    reply.code(params.program === 'other-program' ? 200 : 404).send('not /v1, so nobody asks for a key'),
  );
  await app.ready();
  const { faults } = await walkWithBoundKey(app, {
    headers: testKey(['read'], { programs: ['own'] }),
    otherProgram: 'other-program',
    narrowed: { 'GET /v1/everything': 'it says so' },
  });
  await app.close();
  expect(faults.filter((fault) => !fault.startsWith('HEAD'))).toEqual([
    'GET /v1/everything is not narrowed, and answers 200 other-program',
    'GET /v1/all has no program in its path, is on no list, and answers 200',
    'GET /open/:program answers 200 not /v1, so nobody asks for a key',
  ]);
});
