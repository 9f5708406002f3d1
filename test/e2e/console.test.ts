import { rm } from 'node:fs/promises';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { makeDataFolder } from '../support/up.ts';

// The console of a whole system: the link that `up` and `demo` print, and two people of whom one drafts and the other approves.

const POLICY = {
  program: 'shown',
  name: 'Shown',
  currency: 'IDR',
  timeZone: 'UTC',
  period: 'month',
  revenueShare: '1',
};

let database: TestDatabase;
let dataDir: string;
let system: LocalSystem;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await makeDataFolder();
  system = await startLocal({
    dataDir,
    port: 0,
    databaseUrl: database.ownerUrl,
    logLevel: 'silent',
    people: [
      { name: 'operator', scopes: ['events:write', 'operate', 'read'] },
      { name: 'approver', scopes: ['approve', 'read'] },
    ],
  });
});
afterAll(async () => {
  await system.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** A browser that keeps the console's cookie. */
function openBrowser(url: string) {
  let cookie = '';
  return async (path: string, method = 'GET', body?: unknown) => {
    const answer = await fetch(url + path, {
      method,
      headers: { origin: url, cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
  };
}

function tokenOf(link: string): string {
  const { origin, pathname, hash } = new URL(link);
  expect(`${origin}${pathname}`).toBe(`${system.urls.console}/`);
  return new URLSearchParams(hash.slice(1)).get('token') ?? '';
}

describe('the link', () => {
  it('signs in as the first of the people, once', async () => {
    const token = tokenOf(system.consoleLink());
    const browser = openBrowser(system.urls.console);
    const signedIn = await browser('/session', 'POST', { token });
    expect(signedIn.json).toMatchObject({
      person: { name: 'operator', scopes: ['events:write', 'operate', 'read'] },
      people: ['operator', 'approver'],
    });
    expect((await openBrowser(system.urls.console)('/session', 'POST', { token })).status).toBe(401);
  });
});

it('what one of the people does, the other one sees; neither does what is the other’s', async () => {
  const browser = openBrowser(system.urls.console);
  await browser('/session', 'POST', { token: tokenOf(system.consoleLink()) });
  const event = { id: 'e1', type: 'follow', viewerId: 'v1', creatorId: 'c1', occurredAt: '2024-05-10T12:00:00Z' };
  const statuses = [
    (await browser('/api/ledger/v1/programs/shown', 'PUT', POLICY)).status,
    (await browser('/api/events/v1/programs/shown/events', 'POST', event)).status,
    (await browser('/api/reports/v1/programs/shown/reports/payouts')).status,
    (await browser('/api/ledger/v1/keys')).status,
  ];
  expect(statuses.map((status) => Math.floor(status / 100))).toEqual([2, 2, 2, 4]);
  expect((await browser('/session/person', 'POST', { name: 'approver' })).json).toMatchObject({
    person: { name: 'approver' },
  });
  expect((await browser('/api/ledger/v1/programs')).json.items).toMatchObject([{ program: 'shown' }]);
  expect((await browser('/api/ledger/v1/keys')).status).toBe(200);
  expect((await browser('/api/events/v1/programs/shown/events', 'POST', event)).status).toBe(403);
  const log = (await browser('/api/ledger/v1/audit-log')).json.items;
  expect(log[0]).toMatchObject({ keyName: 'operator', route: '/v1/programs/:program', program: 'shown' });
  expect((await browser('/session', 'DELETE')).status).toBe(204);
  expect((await browser('/api/ledger/v1/programs')).status).toBe(401);
});

it('the front and rewardbook.json name the console, and keep the people’s keys to themselves', async () => {
  expect(await (await fetch(system.urls.front)).json()).toEqual(system.urls);
  const page = await (await fetch(system.urls.front, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain(`${system.urls.console}/`);
  expect(Object.keys(system.keys)).not.toContain('operator');
});
