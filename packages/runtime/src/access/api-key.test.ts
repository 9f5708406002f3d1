import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppOptions } from '../app.ts';
import { createTestApp, type TestApp } from '../test-app.ts';
import { createKey, hashKey, keyOf, requireScope } from './api-key.ts';
import { cacheKeys, type KnownKey } from './key-cache.ts';
import { ownPrograms } from './key-programs.ts';

const open: TestApp[] = [];
afterEach(async () => {
  for (const { app } of open.splice(0)) {
    await app.close();
  }
});

async function start(options: Partial<AppOptions> = {}) {
  const test = await createTestApp(options);
  open.push(test);
  test.app.post('/v1/runs', requireScope('operate'), async (request) => ({ by: keyOf(request).name }));
  await test.app.ready();
  return test;
}

const post = { method: 'POST', url: '/v1/runs' } as const;

describe('API keys', () => {
  it('are random, and stored as a hash only', () => {
    const { key, hash } = createKey();
    expect(key).toMatch(/^rb_[A-Za-z0-9_-]{43}$/);
    expect(hash).toEqual(hashKey(key));
    expect(hash).toHaveLength(32);
    expect(createKey().key).not.toBe(key);
  });

  it('let in who has the scope, and say who it is', async () => {
    const { app, keyWith } = await start();
    const answer = await app.inject({ ...post, headers: keyWith(['read', 'operate']) });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ by: 'key 1' });
  });

  it.each([
    ['no key', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['a key of another form', { authorization: 'Bearer abc' }],
    ['an unknown key', { authorization: `Bearer ${createKey().key}` }],
  ])('answer 401 to %s', async (_what, headers) => {
    const { app } = await start();
    const answer = await app.inject({ ...post, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="rewardbook"/);
    expect(answer.json()).toMatchObject({ code: 'unauthorized' });
  });

  it('answer 403 to a key without the scope, naming it', async () => {
    const { app, keyWith } = await start();
    const answer = await app.inject({ ...post, headers: keyWith(['read', 'approve', 'events:write']) });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('operate') });
    expect(answer.headers['www-authenticate']).toContain('scope="operate"');
  });

  it('expire', async () => {
    let now = 1_000_000;
    const { app, keyWith } = await start({ now: () => now });
    const headers = keyWith(['operate'], { expiresAt: new Date(1_000_500) });
    expect((await app.inject({ ...post, headers })).statusCode).toBe(200);
    now = 1_000_500;
    expect((await app.inject({ ...post, headers })).statusCode).toBe(401);
  });

  it('are checked before the body is read', async () => {
    const { app } = await start();
    const answer = await app.inject({ ...post, payload: '{"', headers: { 'content-type': 'application/json' } });
    expect(answer.statusCode).toBe(401);
  });

  describe('that are bound to programs', () => {
    async function startBound() {
      const test = await createTestApp();
      open.push(test);
      const read = requireScope('read');
      test.app.get('/v1/programs/:program/journal', read, async () => 'journal');
      test.app.get('/v1/programs/:program', read, async () => 'program');
      test.app.get('/v1/everything', read, async () => 'everything');
      test.app.get('/v1/own', requireScope('read', 'narrowed'), async (request) => ({
        programs: ownPrograms(
          keyOf(request),
          z.object({ program: z.string().optional() }).parse(request.query).program,
        ),
      }));
      await test.app.ready();
      const bound = test.keyWith(['read'], { programs: ['one', 'two'] });
      const free = test.keyWith(['read']);
      const ask = async (url: string, headers = bound) => {
        const { statusCode, body } = await test.app.inject({ url, headers });
        return { status: statusCode, body };
      };
      return { ask, free };
    }

    it('see these, and others as such that are not there', async () => {
      const { ask, free } = await startBound();
      expect((await ask('/v1/programs/two/journal')).status).toBe(200);
      expect((await ask('/v1/programs/three', free)).status).toBe(200);
      for (const program of ['three', 'one%2Ftwo', 'One', 'one%00', '__proto__', 'a'.repeat(200)]) {
        const { status, body } = await ask(`/v1/programs/${program}/journal`);
        expect([program, status, JSON.parse(body).code]).toEqual([program, 404, 'program-unknown']);
      }
    });

    it('are refused where a route is for all programs, and get what is theirs where it says so', async () => {
      const { ask, free } = await startBound();
      const refused = await ask('/v1/everything');
      expect([refused.status, JSON.parse(refused.body)]).toMatchObject([
        403,
        { code: 'key-bound', detail: expect.stringContaining('one, two') },
      ]);
      expect((await ask('/v1/everything', free)).status).toBe(200);
      expect(JSON.parse((await ask('/v1/own')).body)).toEqual({ programs: ['one', 'two'] });
      expect(JSON.parse((await ask('/v1/own?program=two')).body)).toEqual({ programs: ['two'] });
      expect((await ask('/v1/own?program=three')).status).toBe(404);
      expect(JSON.parse((await ask('/v1/own', free)).body)).toEqual({ programs: null });
      expect(JSON.parse((await ask('/v1/own?program=three', free)).body)).toEqual({ programs: ['three'] });
    });
  });

  it('are needed under /v1: a route without a scope cannot be registered', async () => {
    const { app } = await createTestApp();
    expect(() => app.get('/v1/open', async () => 'open')).toThrow('names no scope');
    await app.close();
  });
});

describe('the cache of keys', () => {
  const known: KnownKey = { keyId: 1, keyHash: '00', name: 'a', scopes: [], programs: null };

  it('asks once a second, for keys that are known and for those that are not', async () => {
    let now = 0;
    let calls = 0;
    let answer: KnownKey | undefined;
    const find = cacheKeys(
      async () => {
        calls += 1;
        return answer;
      },
      () => now,
    );
    const hash = 'aa';
    await Promise.all([find(hash), find(hash)]);
    expect(calls).toBe(1);
    answer = known;
    now = 999;
    expect(await find(hash)).toBeUndefined();
    now = 1_000;
    expect(await find(hash)).toBe(known);
    now = 1_999;
    await find(hash);
    expect(calls).toBe(2);
    answer = undefined;
    now = 2_000;
    expect(await find(hash)).toBeUndefined();
  });

  it('counts the second from when it asked, however long the answer took, and from no time that is to come', async () => {
    let now = 0;
    let answer: KnownKey | undefined = known;
    let calls = 0;
    const find = cacheKeys(
      async () => {
        calls += 1;
        const found = answer; // revoked while its answer is on the way
        answer = undefined;
        now += 900;
        return found;
      },
      () => now,
    );
    expect(await find('aa')).toBe(known);
    now = 999;
    expect(await find('aa')).toBe(known);
    now = 1_000;
    expect(await find('aa')).toBeUndefined();
    answer = known;
    now = 0; // the clock was set back
    expect(await find('aa')).toBe(known);
    expect(calls).toBe(3);
  });

  it('does not remember a look-up that failed', async () => {
    let fails = true;
    const find = cacheKeys(
      async () => {
        if (fails) {
          throw new Error('database is down');
        }
        return known;
      },
      () => 0,
    );
    await expect(async () => find('aa')).rejects.toThrow('down');
    fails = false;
    expect(await find('aa')).toBe(known);
  });

  it('does not grow without end', async () => {
    const hexOf = (index: number) => index.toString(16).padStart(8, '0');
    const asked: string[] = [];
    const find = cacheKeys(
      async (hash) => {
        asked.push(hash.toString('hex'));
        return known;
      },
      () => 0,
    );
    for (let index = 0; index <= 10_000; index += 1) {
      await find(hexOf(index));
    }
    await find(hexOf(1));
    expect(asked).toHaveLength(10_001);
    await find(hexOf(0));
    expect(asked).toHaveLength(10_002);
  });
});
