import { gzipSync } from 'node:zlib';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const GOOD = {
  id: '1',
  type: 'like',
  viewerId: 'v',
  creatorId: 'c',
  contentId: 'k',
  occurredAt: '2024-05-01T00:00:00Z',
};
const POLICY = { program: 'p', name: 'P', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' };
const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };

let database: TestDatabase;
let system: LocalSystem;
let sql: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  system = await startLocal({ port: 0, databaseUrl: database.ownerUrl });
  sql = postgres(database.ownerUrl, { max: 1 });
  for (const slug of ['p', 'other']) {
    await call('ledger', 'PUT', `/v1/programs/${slug}`, 'operate', { ...POLICY, program: slug });
  }
});
afterAll(async () => {
  await sql?.end();
  await system?.close();
  await database?.drop();
});

type Service = 'events' | 'ledger' | 'reports';
type KeyName = 'write' | 'operate' | 'approve' | 'read';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly type: string;
}

async function call(
  service: Service,
  method: string,
  path: string,
  key: KeyName | undefined,
  body?: unknown,
  headers: Record<string, string> = JSON_TYPE,
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(system.urls[service] + path, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${system.keys[key]}` }),
      ...(body === undefined ? {} : headers),
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const value: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return {
    status: response.status,
    body: value instanceof Object ? { ...value } : {},
    type: response.headers.get('content-type') ?? '',
  };
}

/** All that a request could have written. */
async function written(): Promise<unknown> {
  return sql`
    SELECT (SELECT count(*) FROM rewardbook.event) AS events, (SELECT count(*) FROM rewardbook.journal_entry) AS entries,
           (SELECT count(*) FROM rewardbook.policy_version) AS policies, (SELECT count(*) FROM rewardbook.program) AS programs,
           (SELECT count(*) FROM rewardbook.creator) AS creators, (SELECT count(*) FROM rewardbook.close) AS periods`;
}

async function expectRefused(answer: Promise<Answer>, status: number, code: string): Promise<void> {
  const before = await written();
  const { status: got, body, type } = await answer;
  expect([got, body.code]).toEqual([status, code]);
  expect(type).toContain('application/problem+json');
  expect(String(body.detail)).not.toBe('');
  expect(await written()).toEqual(before);
}

describe('an event that cannot be taken is refused, says why, and writes nothing', () => {
  const post = (body: unknown, headers?: Record<string, string>) =>
    call('events', 'POST', '/v1/programs/p/events', 'write', body, headers);

  it.each([
    ['malformed JSON', '{"id":', JSON_TYPE, 400, 'bad-json'],
    [
      'gzip that is cut off',
      gzipSync(JSON.stringify(GOOD).repeat(50)).subarray(0, 40),
      { ...NDJSON, 'content-encoding': 'gzip' },
      400,
      'bad-compression',
    ],
    ['an unknown type of body', 'x', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
  ])('%s', (_, body, headers, status, code) => expectRefused(post(body, headers), status, code));

  it.each([
    ['an unknown key', { ...GOOD, colour: 'red' }, 'unknown-key'],
    ['no contentId for a like', { ...GOOD, contentId: undefined }, 'missing-content-id'],
    ['a contentId for a follow', { ...GOOD, type: 'follow' }, 'unexpected-content-id'],
    ['a number for an id', { ...GOOD, id: 1 }, 'wrong-type'],
    ['an id of a megabyte', { ...GOOD, id: 'x'.repeat(1_000_000) }, 'too-long'],
    ['a NUL character', { ...GOOD, viewerId: 'a\u0000b' }, 'control-character'],
    ['half a surrogate pair', { ...GOOD, viewerId: '\ud800' }, 'lone-surrogate'],
    ['a time without an offset', { ...GOOD, occurredAt: '2024-05-01T00:00:00' }, 'bad-time'],
    ['a date that does not exist', { ...GOOD, occurredAt: '2024-02-30T00:00:00Z' }, 'bad-time'],
    ['the far future', { ...GOOD, occurredAt: '2999-01-01T00:00:00Z' }, 'future'],
    ['a type that does not exist', { ...GOOD, type: 'share' }, 'unknown-type'],
  ])('%s', async (_, event, code) => {
    const before = await written();
    const { status, body } = await post([event]);
    expect([status, body]).toMatchObject([
      200,
      { received: 1, accepted: 0, rejected: 1, refused: [{ index: 0, code, message: expect.any(String) }] },
    ]);
    expect(await written()).toEqual(before);
  });

  it('without affecting the good ones next to it', async () => {
    const lines = [JSON.stringify(GOOD), 'nonsense', JSON.stringify({ ...GOOD, id: '2' })].join('\n');
    expect((await post(lines, NDJSON)).body).toMatchObject({ accepted: 2, rejected: 1, refused: [{ index: 1 }] });
  });

  it('for a program that does not exist', () =>
    expectRefused(call('events', 'POST', '/v1/programs/unknown/events', 'write', GOOD), 404, 'program-unknown'));
});

describe('a request to the ledger that cannot be met is refused, says why, and writes nothing', () => {
  it.each([
    ['an unknown currency', { ...POLICY, currency: 'XXQ' }],
    ['an unknown time zone', { ...POLICY, timeZone: 'Asia/Batavia' }],
    ['an unknown key', { ...POLICY, bonus: '1' }],
    ['a weight that is a binary fraction', { ...POLICY, weights: { like: 0.1 } }],
    ['a share above 1', { ...POLICY, revenueShare: '1.5' }],
    ['a method that does not exist', { ...POLICY, program: 'later', allocation: { method: 'auction' } }],
  ])('a policy with %s', async (_, policy) => {
    const before = await written();
    const { status, body } = await call('ledger', 'PUT', `/v1/programs/${policy.program}`, 'operate', policy);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: expect.any(String), status: 400 });
    expect(await written()).toEqual(before);
  });

  it('a policy that would change what never changes', () =>
    expectRefused(
      call('ledger', 'PUT', '/v1/programs/p', 'operate', { ...POLICY, currency: 'USD' }),
      409,
      'program-fixed',
    ));

  const revenue = (body: object) =>
    call('ledger', 'POST', '/v1/programs/p/revenue', 'operate', {
      period: '2024-05',
      amount: '1.00',
      reference: 'r',
      ...body,
    });

  it.each([
    ['too many decimals', { amount: '1.001' }, 400],
    ['an amount that is a number', { amount: 1 }, 400],
    ['an exponent', { amount: '1e3' }, 400],
    ['a period of another kind', { period: '2024-W10' }, 400],
    ['a period that does not exist', { period: '2024-13' }, 400],
    ['an unknown key', { note: 'x' }, 400],
  ])('revenue with %s', async (_, body, status) => {
    const before = await written();
    expect((await revenue(body)).status).toBe(status);
    expect(await written()).toEqual(before);
  });

  it.each([
    ['an unknown column', 'creatorId,colour\nc,red\n'],
    ['the same creator twice', 'creatorId\nc\nc\n'],
    ['a date that does not exist', 'creatorId,joinedOn\nc,2024-02-30\n'],
    ['an open quote', 'creatorId\n"c\n'],
  ])('creators with %s', async (_, csv) => {
    const before = await written();
    const { status } = await call('ledger', 'POST', '/v1/programs/p/creators', 'operate', csv, {
      'content-type': 'text/csv',
    });
    expect(status).toBe(400);
    expect(await written()).toEqual(before);
  });

  it('a close without revenue, in the future, out of order, and of a period that is closed', async () => {
    const close = (period: string) => call('ledger', 'POST', `/v1/programs/other/periods/${period}/close`, 'operate');
    const book = (period: string, amount: string) =>
      call('ledger', 'POST', '/v1/programs/other/revenue', 'operate', { period, amount, reference: period });
    await expectRefused(close('2024-05'), 409, 'no-revenue');
    await expectRefused(close('2999-01'), 409, 'period-not-over');
    await book('2024-05', '10.00');
    await book('2024-07', '10.00');
    await expectRefused(close('2024-07'), 409, 'close-out-of-order');
    expect((await close('2024-05')).status).toBe(202);
    await expect
      .poll(async () => (await call('ledger', 'GET', '/v1/programs/other/periods/2024-05', 'read')).body.status, {
        timeout: 20_000,
      })
      .toBe('closed');
    await expectRefused(close('2024-05'), 409, 'period-closed');
    await expectRefused(
      call('ledger', 'POST', '/v1/programs/other/revenue', 'operate', {
        period: '2024-05',
        amount: '1.00',
        reference: 'late',
      }),
      409,
      'period-closed',
    );
  });
});

describe('a key', () => {
  const requests: [Service, string, string, KeyName, unknown?][] = [
    ['events', 'POST', '/v1/programs/p/events', 'write', GOOD],
    ['events', 'GET', '/v1/programs/p/events', 'read'],
    ['events', 'GET', '/v1/programs/p/batches', 'read'],
    ['events', 'GET', '/v1/programs/p/refused-events', 'read'],
    ['ledger', 'PUT', '/v1/programs/p', 'operate', POLICY],
    ['ledger', 'GET', '/v1/programs', 'read'],
    ['ledger', 'POST', '/v1/programs/p/creators', 'operate', []],
    ['ledger', 'POST', '/v1/programs/p/revenue', 'operate', {}],
    ['ledger', 'POST', '/v1/programs/p/periods/2024-05/close', 'operate'],
    ['ledger', 'GET', '/v1/programs/p/journal', 'read'],
    ['ledger', 'GET', '/v1/programs/p/trial-balance', 'read'],
    ['reports', 'GET', '/v1/programs/p/reports/payouts', 'read'],
    ['reports', 'GET', '/v1/programs/p/reports/journal', 'read'],
  ];

  it.each(requests)('is needed, with its scope: %s %s %s', async (service, method, path, scope, body) => {
    await expectRefused(call(service, method, path, undefined, body), 401, 'unauthorized');
    for (const other of ['write', 'operate', 'approve', 'read'] as const) {
      if (other !== scope) {
        await expectRefused(call(service, method, path, other, body), 403, 'forbidden');
      }
    }
  });

  it('that was never given out is not accepted', async () => {
    const response = await fetch(`${system.urls.ledger}/v1/programs`, {
      headers: { authorization: `Bearer rb_${'x'.repeat(43)}` },
    });
    expect(response.status).toBe(401);
  });
});
