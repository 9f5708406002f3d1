import { createKey } from '@rewardbook/runtime/access/api-key';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cookieOf, FROM_PAGE, startTestConsole, type TestConsole } from './test-service.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let test: TestConsole;
let key: string;
beforeAll(async () => {
  test = await startTestConsole();
  key = await test.newKey('ada', 'read', 'operate');
});
afterAll(() => test.stop());

const post = (json: unknown, cookie?: string) =>
  test.ask('/session', { method: 'POST', headers: FROM_PAGE, json, ...(cookie === undefined ? {} : { cookie }) });
const who = (cookie: string) => test.ask('/session', { headers: FROM_PAGE, cookie });

describe('a key', () => {
  it('signs in, and the session says who that is and when it ends', async () => {
    const answer = await post({ key });
    expect(answer.status).toBe(200);
    const { person, people, expiresAt } = answer.json();
    expect(person).toEqual({
      keyId: expect.any(Number),
      name: 'ada',
      scopes: ['read', 'operate'],
      programs: null,
      expiresAt: null,
    });
    expect(people).toEqual([]);
    expect(expiresAt).toBe(new Date(test.now() + 30 * MINUTE_MS).toISOString());
    expect(answer.text).not.toContain(key);
    const again = await who(cookieOf(answer.headers) ?? '');
    expect(again.json()).toEqual({ person, people, expiresAt });
    expect(again.headers['cache-control']).toBe('no-store');
  });

  it('is in a cookie that no script reads, no other site sends, and nobody can open', async () => {
    const { headers } = await post({ key });
    const [value = '', ...flags] = String(headers['set-cookie']).split('; ');
    expect(flags.sort()).toEqual(['HttpOnly', 'Max-Age=1800', 'Path=/', 'SameSite=Strict']);
    expect(value).toMatch(new RegExp(`^rewardbook-${new URL(test.url).port}=Fe26\\.2`));
    expect(decodeURIComponent(value)).not.toContain(key.slice(3));
  });

  it.each([
    ['unknown', () => createKey().key],
    ['of another form', () => 'rb_short'],
    ['empty', () => ''],
  ])('that is %s is refused', async (_what, made) => {
    const answer = await post({ key: made() });
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'unauthorized' });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([[{}], [{ key: 1 }], [{ key: 'a', token: 'b' }], [{ key: 'x'.repeat(500) }], [[]]])(
    'is asked for in one form only: %j',
    async (body) => {
      expect((await post(body)).status).toBe(400);
    },
  );
});

describe('the token of a link', () => {
  it('signs in once', async () => {
    const token = test.service.makeToken(key);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const answers = await Promise.all([1, 2, 3].map(() => post({ token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await post({ token })).json()).toMatchObject({
      code: 'unauthorized',
      detail: expect.stringContaining('used'),
    });
  });

  it('lasts ten minutes', async () => {
    const [early, late] = [test.service.makeToken(key), test.service.makeToken(key)];
    test.pass(10 * MINUTE_MS - 1);
    expect((await post({ token: early })).status).toBe(200);
    test.pass(1);
    expect((await post({ token: late })).status).toBe(401);
  });

  it('that was never made is refused, as is a changed one', async () => {
    const token = test.service.makeToken(key);
    for (const wrong of ['', 'A'.repeat(43), `${token}A`, token.slice(1), token.toLowerCase()]) {
      expect((await post({ token: wrong })).status).toBe(401);
    }
    expect((await post({ token })).status).toBe(200);
  });
});

describe('a session', () => {
  it('ends half an hour after its last use', async () => {
    let cookie = await test.signIn(key);
    for (let use = 0; use < 4; use += 1) {
      test.pass(30 * MINUTE_MS - 1);
      const answer = await who(cookie);
      expect(answer.status).toBe(200);
      cookie = cookieOf(answer.headers) ?? 'not sealed anew';
    }
    test.pass(30 * MINUTE_MS);
    const ended = await who(cookie);
    expect(ended.status).toBe(401);
    expect(ended.json()).toMatchObject({ code: 'unauthorized', detail: expect.stringContaining('session') });
  });

  it('ends after twelve hours, however much it is used', async () => {
    let cookie = await test.signIn(key);
    for (let passedMs = 0; passedMs < 12 * HOUR_MS - 20 * MINUTE_MS; passedMs += 20 * MINUTE_MS) {
      test.pass(20 * MINUTE_MS);
      const answer = await who(cookie);
      expect(answer.status).toBe(200);
      cookie = cookieOf(answer.headers) ?? cookie;
    }
    test.pass(20 * MINUTE_MS);
    expect((await who(cookie)).status).toBe(401);
  });

  it('is not sealed anew for each of the requests of one page', async () => {
    const cookie = await test.signIn(key);
    test.pass(30_000);
    expect((await who(cookie)).headers['set-cookie']).toBeUndefined();
    test.pass(30_000);
    expect((await who(cookie)).headers['set-cookie']).toBeDefined();
  });

  it('ends when one signs out, also for who kept the cookie', async () => {
    const cookie = await test.signIn(key);
    const out = await test.ask('/session', { method: 'DELETE', headers: FROM_PAGE, cookie });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toMatch(
      /^rewardbook-\d+=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect((await who(cookie)).status).toBe(401);
    expect((await test.ask('/session', { method: 'DELETE', headers: FROM_PAGE, cookie })).status).toBe(204);
  });

  it('is not that of a cookie that was made up, changed, or sealed by somebody else', async () => {
    const cookie = await test.signIn(key);
    const [name = '', sealed = ''] = cookie.split('=');
    const middle = sealed.length >> 1;
    const changed = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1);
    for (const wrong of ['', 'x', changed, sealed.slice(0, -1), 'Fe26.2*******', `${'*'.repeat(7)}`, '%', '%00']) {
      expect([wrong, (await who(`${name}=${wrong}`)).status]).toEqual([wrong, 401]);
    }
    expect((await who(`other=${sealed}`)).status).toBe(401);
    const other = await startTestConsole({ secret: 'another secret, as long as the first' });
    try {
      const name = `rewardbook-${new URL(other.url).port}`;
      expect((await other.ask('/session', { headers: FROM_PAGE, cookie: `${name}=${sealed}` })).status).toBe(401);
    } finally {
      await other.stop();
    }
  });

  it('ends with its key: revoked, it is over within the second that a service remembers keys', async () => {
    const own = await test.newKey('to be revoked', 'read');
    const [first, second] = [await test.signIn(own), await test.signIn(own)];
    expect((await test.ask('/api/ledger/v1/programs', { headers: FROM_PAGE, cookie: first })).status).toBe(200);
    await test.revoke(own);
    const refused = await vi.waitUntil(
      async () => {
        const answer = await test.ask('/api/ledger/v1/programs', { headers: FROM_PAGE, cookie: first });
        return answer.status === 401 ? answer : undefined;
      },
      { timeout: 10_000 },
    );
    expect(String(refused.headers['set-cookie'])).toMatch(/=; Max-Age=0/);
    const asked = await who(second);
    expect(asked.status).toBe(401);
    expect(String(asked.headers['set-cookie'])).toMatch(/=; Max-Age=0/);
    expect((await post({ key: own })).status).toBe(401);
  });
});

it('a ledger that is away costs nobody a link or a session', async () => {
  const own = await startTestConsole();
  try {
    const ownKey = await own.newKey('ben', 'read');
    const cookie = await own.signIn(ownKey);
    const token = own.service.makeToken(ownKey);
    await own.stopLedger();
    const asked = await own.ask('/session', { headers: FROM_PAGE, cookie });
    expect(asked.json()).toMatchObject({
      status: 503,
      code: 'service-unavailable',
      detail: expect.stringContaining('ledger'),
    });
    expect(asked.headers['set-cookie']).toBeUndefined();
    const signingIn = await own.ask('/session', { method: 'POST', headers: FROM_PAGE, json: { token } });
    expect(signingIn.json()).toMatchObject({ status: 503, code: 'service-unavailable' });
  } finally {
    await own.stop();
  }
});

it('attempts to sign in are limited for each address, and say when to try again', async () => {
  const own = await startTestConsole({ signInsPerMinute: 3 });
  try {
    const attempt = () => own.ask('/session', { method: 'POST', headers: FROM_PAGE, json: { key: 'guessed' } });
    const statuses = [await attempt(), await attempt(), await attempt()].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 401]);
    const refused = await attempt();
    expect(refused.json()).toMatchObject({ status: 429, code: 'too-many-requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await own.ask('/', {})).status).toBe(200);
  } finally {
    await own.stop();
  }
});
