import { connect, type Sql } from '@rewardbook/db/client';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { applyTestPolicy } from '../../../../test/support/test-program.ts';
import { type Books, testPolicy } from '../test-support/books.ts';
import { openService, type TestService } from '../test-support/service.ts';

// What one client may take up, over HTTP, on a database that a lock holds up.

let service: TestService;
let books: Books;
let address: string;
let locks: Sql;
let keys: { readonly operate: string; readonly read: string };

beforeAll(async () => {
  service = await openService({ sweepEveryMs: 3_600_000 });
  ({ books } = service);
  await applyTestPolicy(books.owner, testPolicy());
  keys = { operate: await service.rootKey('operate', ['operate']), read: await service.rootKey('read', ['read']) };
  locks = connect(books.database.ownerUrl, { max: 1 });
  address = await service.composed.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await locks.end({ timeout: 1 });
  await service.close();
});

async function holding(table: string, work: () => Promise<void>): Promise<void> {
  await locks.unsafe(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  try {
    await work();
  } finally {
    await locks.unsafe('ROLLBACK');
  }
}

function ask(path: string, init: RequestInit & { key?: keyof typeof keys } = {}): Promise<Response> {
  const { key = 'read', ...rest } = init;
  return fetch(`${address}/v1/${path}`, {
    ...rest,
    headers: { authorization: `Bearer ${keys[key]}`, ...rest.headers },
  });
}

async function running(): Promise<number> {
  const [row] = await books.owner<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'ledger-slow' AND state <> 'idle'`;
  return row?.count ?? -1;
}

const VERIFY = 'programs/books/verify';
const DRY_RUN = 'programs/books/periods/2024-10/close?dryRun=true';

it.each([
  ['a verification', VERIFY, 'read', 'journal_entry'],
  ['a dry run', DRY_RUN, 'operate', 'ingest_batch'],
] as const)(
  '%s is once at a time, and ends with its client, in the database too',
  async (_what, path, key, table) => {
    expect((await ask(path, { method: 'POST', key })).status).toBeLessThan(500);
    await holding(table, async () => {
      const leaving = new AbortController();
      const left = ask(path, { method: 'POST', key, signal: leaving.signal }).catch((error: unknown) => error);
      await vi.waitFor(async () => expect(await running()).toBe(1), 10_000);
      const second = await ask(path, { method: 'POST', key });
      expect([second.status, second.headers.get('retry-after')]).toEqual([503, '5']);
      leaving.abort();
      expect(await left).toBeInstanceOf(Error);
      await vi.waitFor(async () => expect(await running()).toBe(0), 15_000);
    });
    await vi.waitFor(async () => expect((await ask(path, { method: 'POST', key })).status).toBeLessThan(500), 10_000);
  },
  60_000,
);

it('identifies the caller while all its other connections wait', async () => {
  await holding('program', async () => {
    const leaving = new AbortController();
    const waiting = Array.from({ length: 20 }, () =>
      ask('programs', { signal: leaving.signal }).catch((error: unknown) => error),
    );
    const stranger = { authorization: `Bearer ${createKey().key}` };
    expect((await ask('programs', { headers: stranger })).status).toBe(401);
    leaving.abort();
    await Promise.all(waiting);
  });
}, 60_000);

it('reads CSV only where creators and statements are imported', async () => {
  const csv = { 'content-type': 'text/csv' };
  const body = 'creatorId\nc1\n';
  const imported = await ask('programs/books/creators', { method: 'POST', key: 'operate', headers: csv, body });
  expect([imported.status, await imported.json()]).toMatchObject([200, { received: 1, added: 1 }]);
  for (const path of ['programs/books/revenue', 'programs/books/verify', 'programs/books/periods/2024-10/close']) {
    const answer = await ask(path, {
      method: 'POST',
      key: path.endsWith('verify') ? 'read' : 'operate',
      headers: csv,
      body,
    });
    expect([path, answer.status]).toEqual([path, 415]);
  }
  expect((await ask('nothing', { method: 'POST', key: 'operate', headers: csv, body })).status).toBe(404);
});

it('shows payees and accounts to keys with the scope read:payments, and logs who asked', async () => {
  const body = 'creatorId,payee,account\npaid,Paid Person,ID-77\n';
  const csv = { 'content-type': 'text/csv' };
  expect((await ask('programs/books/creators', { method: 'POST', key: 'operate', headers: csv, body })).status).toBe(
    200,
  );
  const seen = await (await ask('programs/books/creators')).text();
  expect(seen).toContain('"creatorId":"paid"');
  expect(seen).not.toMatch(/payee|account|Paid Person|ID-77/);
  const key = await service.rootKey('payments', ['read', 'read:payments']);
  const shown = await ask('programs/books/creators', { headers: { authorization: `Bearer ${key}` } });
  expect(await shown.json()).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ payee: 'Paid Person', account: 'ID-77' })]),
  });
  const written = await books.owner`SELECT key_name AS name FROM audit_log WHERE method = 'GET'`;
  expect(written).toEqual([{ name: 'payments' }]);
});
