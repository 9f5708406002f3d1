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
import { type Callers, undescribed, walkRoutes } from './walk-routes.ts';

const SERVICES = ['engagement-events', 'ledger', 'payout-reports'] as const;

let database: TestDatabase;
let owner: Sql;
let queues: Queues;
let callers: Callers;
const services = new Map<string, Composed>();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = connect(database.ownerUrl, { max: 1 });
  callers = {
    refused: {
      'no key': {},
      'a wrong key': { authorization: `Bearer ${createKey().key}` },
      'an expired key': await keyWith(SCOPES, new Date(Date.now() - 1_000)),
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

  const logger = createLogger({ name: 'access', level: 'silent' });
  queues = await openQueues({ postgresUrl: database.serviceUrls.ledger }, logger);
  const depsOf = (service: ServiceName) => ({ databaseUrl: database.serviceUrls[service], queues, logger });
  services.set('engagement-events', await composeEvents(depsOf('events')));
  services.set('ledger', await composeLedger(depsOf('ledger')));
  services.set('payout-reports', await composeReports(depsOf('reports')));
  for (const { app } of services.values()) {
    await app.ready();
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

async function keyWith(scopes: readonly Scope[], expiresAt?: Date): Promise<{ authorization: string }> {
  const { key, hash } = createKey();
  const name = `${scopes.join(' ')}${expiresAt === undefined ? '' : ' expired'}`;
  await storeApiKey(owner, { name, keyHash: hash, scopes, ...(expiresAt === undefined ? {} : { expiresAt }) });
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
