import { createKey } from '@rewardbook/runtime/access/api-key';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cookieOf, FROM_PAGE, startTestConsole, type TestConsole } from './test-service.ts';

// Two people of a demo, whom one may be in turn.

let test: TestConsole;
const people = [
  { name: 'operator', key: '' },
  { name: 'approver', key: '' },
];

beforeAll(async () => {
  test = await startTestConsole({ people });
  for (const [index, scope] of (['operate', 'approve'] as const).entries()) {
    const person = people[index];
    if (person !== undefined) {
      person.key = await test.newKey(person.name, scope, 'read');
    }
  }
});
afterAll(() => test.stop());

const change = (cookie: string, name: string) =>
  test.ask('/session/person', { method: 'POST', headers: FROM_PAGE, cookie, json: { name } });
const who = (cookie: string) => test.ask('/session', { headers: FROM_PAGE, cookie });

it('one changes to the other, with the other’s rights', async () => {
  const cookie = await test.signIn(people[0]?.key ?? '');
  expect((await who(cookie)).json()).toMatchObject({ person: { name: 'operator' }, people: ['operator', 'approver'] });
  const changed = await change(cookie, 'approver');
  expect(changed.json()).toMatchObject({
    person: { name: 'approver', scopes: ['approve', 'read'] },
    people: ['operator', 'approver'],
  });
  const next = cookieOf(changed.headers) ?? '';
  expect((await who(next)).json()).toMatchObject({ person: { name: 'approver' } });
  expect((await test.ask('/api/ledger/v1/keys', { headers: FROM_PAGE, cookie: next })).status).toBe(200);
  expect((await test.ask('/api/ledger/v1/keys', { headers: FROM_PAGE, cookie })).status).toBe(403);
});

it('an answer that was under way does not bring the one before back, and the cookie of that one soon ends', async () => {
  const cookie = await test.signIn(people[0]?.key ?? '');
  test.pass(2 * 60_000); // it would be sealed anew now
  const changed = await change(cookie, 'approver');
  expect(cookieOf(changed.headers)).toBeDefined();
  const late = await test.ask('/api/ledger/v1/programs', { headers: FROM_PAGE, cookie });
  expect(late.status).toBe(200);
  expect(late.headers['set-cookie']).toBeUndefined();
  test.pass(10_000);
  const later = await who(cookie);
  expect(later.status).toBe(401);
  expect(later.headers['set-cookie']).toBeUndefined();
});

it('the change does not put off the end of twelve hours', async () => {
  let cookie = await test.signIn(people[0]?.key ?? '');
  for (let hour = 0; hour < 23; hour += 1) {
    test.pass(30 * 60_000 - 1);
    const changed = await change(cookie, hour % 2 === 0 ? 'approver' : 'operator');
    expect([hour, changed.status]).toEqual([hour, 200]);
    cookie = cookieOf(changed.headers) ?? '';
  }
  test.pass(30 * 60_000 - 1);
  expect((await who(cookie)).status).toBe(200);
  test.pass(24);
  expect((await who(cookie)).status).toBe(401);
});

it('nobody else may change, and nobody may change to somebody else', async () => {
  const cookie = await test.signIn(people[0]?.key ?? '');
  for (const name of ['admin', '', '__proto__', 'Operator']) {
    expect((await change(cookie, name)).status).toBe(404);
  }
  const other = await test.signIn(await test.newKey('somebody', 'read'));
  expect((await who(other)).json()).toMatchObject({ people: [] });
  expect((await change(other, 'approver')).status).toBe(404);
  expect((await change(`rewardbook=${createKey().key}`, 'approver')).status).toBe(401);
});
