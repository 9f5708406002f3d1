import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { listAudit } from '@rewardbook/db/lists/audit';
import { createKey } from '@rewardbook/runtime/access/api-key';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { findFreePorts } from '../support/up.ts';

let database: TestDatabase;
let owner: Sql;
let ledger: ServiceProcess;
let address: string;
const { key, hash } = createKey();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = connect(database.ownerUrl, { max: 2 });
  await storeApiKey(owner, { name: 'operator', keyHash: hash, scopes: ['operate'] });
  const port = await findFreePorts();
  address = `http://127.0.0.1:${port}/v1/programs/crashed`;
  ledger = await startServiceProcess('ledger', port, { DATABASE_URL: database.serviceUrls.ledger });
  const policy = { program: 'crashed', name: 'Crashed', currency: 'IDR', timeZone: 'UTC', period: 'month' };
  expect((await send('PUT', '', policy)).status).toBe(201);
});
afterAll(async () => {
  await ledger.stop();
  await owner.end();
  await database.drop();
});

function send(method: string, path: string, body: unknown): Promise<Response> {
  return fetch(address + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const listCrashed = async () =>
  (await listAudit(owner, { programs: ['crashed'] }, { order: 'asc', after: undefined, limit: 100 })).rows;
const waiting = () => owner`
  SELECT 1 FROM pg_stat_activity WHERE datname = ${database.name} AND wait_event_type = 'Lock' AND query LIKE '%book_revenue%'`;

it('a change that is made while the ledger dies is on record, without an outcome', async () => {
  // Holds the program's head row, so that the booking waits inside the database; it goes on there without its ledger.
  const holder = postgres(database.ownerUrl, { max: 1 });
  const held = await holder.reserve();
  await held`BEGIN`;
  await held`SELECT 1 FROM rewardbook.program_head FOR UPDATE`;
  const answer = send('POST', '/revenue', { period: '2024-10', amount: '1000.00', reference: 'ads-10' }).then(
    ({ status }) => status,
    () => 'broken off',
  );
  await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
  const restarted = ledger.killAndRestart();
  expect(await answer).toBe('broken off');
  await held`ROLLBACK`; // at once: the server ends a statement a while after its client is gone
  await restarted;
  held.release();
  await holder.end();

  await expect.poll(() => owner`SELECT 1 FROM revenue WHERE reference = 'ads-10'`, { timeout: 10_000 }).toHaveLength(1);
  const rows = await listCrashed();
  expect(rows).toMatchObject([
    { method: 'PUT', status: 201 },
    { method: 'POST', keyName: 'operator', route: '/v1/programs/:program/revenue', status: null, answeredAt: null },
  ]);
  expect(rows[1]?.summary).toContain('"reference":"ads-10"');

  // Who tries again finds it booked; both tries are there.
  expect((await send('POST', '/revenue', { period: '2024-10', amount: '1000.00', reference: 'ads-10' })).status).toBe(
    200,
  );
  expect((await listCrashed()).map(({ status }) => status)).toEqual([201, null, 200]);
});
