import { createHash } from 'node:crypto';
import { SCOPES, type Scope } from '@rewardbook/runtime/access/api-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Books, testPolicy } from '../test-support/books.ts';
import { openService, type TestService } from '../test-support/service.ts';

// Keys and the audit log over HTTP.

/** A key that was revoked this long ago is no longer accepted. */
const FORGOTTEN_AFTER_MS = 1_000;

let service: TestService;
let books: Books;
let admin: string;
let now = Date.now();

beforeAll(async () => {
  service = await openService({ now: () => now });
  ({ books } = service);
  admin = await service.rootKey('admin', SCOPES);
  await call(admin, 'PUT', '/v1/programs/books', testPolicy());
});
afterAll(() => service.close());

const call: TestService['call'] = (...request) => service.call(...request);

async function create(name: string, scopes: readonly Scope[], expiresAt?: string) {
  const answer = await call(admin, 'POST', '/v1/keys', { name, scopes, ...(expiresAt && { expiresAt }) });
  expect(answer.status).toBe(201);
  const { key, keyId }: { key: string; keyId: number } = answer.json();
  return { key, keyId };
}

describe('keys', () => {
  it('are made, work, and are listed without their secret, which is nowhere in the database', async () => {
    const answer = await call(admin, 'POST', '/v1/keys', { name: 'auditor', scopes: ['read'] });
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { key, ...listed } = answer.json();
    expect(listed).toMatchObject({ name: 'auditor', scopes: ['read'], status: 'working', createdBy: 'admin' });
    expect((await call(key, 'GET', '/v1/programs')).status).toBe(200);
    expect((await call(key, 'POST', '/v1/keys', { name: 'x', scopes: ['read'] })).status).toBe(403);
    const { items } = (await call(admin, 'GET', '/v1/keys')).json();
    expect(items).toContainEqual(listed);
    const stored = await books.owner`SELECT k::text AS row FROM api_key k UNION ALL SELECT a::text FROM audit_log a`;
    expect(JSON.stringify(stored)).not.toContain(key);
    expect(JSON.stringify(stored)).toContain(createHash('sha256').update(key).digest('hex'));
  });

  it('grant no scope that they lack', async () => {
    const approver = await create('approver', ['approve', 'read']);
    const answer = await call(approver.key, 'POST', '/v1/keys', { name: 'my drafter', scopes: ['operate'] });
    expect([answer.status, answer.json().code]).toEqual([403, 'scope-not-yours']);
  });

  it.each([
    ['an unknown scope', { name: 'x', scopes: ['everything'] }],
    ['no scope', { name: 'x', scopes: [] }],
    ['a scope twice', { name: 'x', scopes: ['read', 'read'] }],
    ['no name', { scopes: ['read'] }],
    ['an expiry in the past', { name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }],
    ['an expiry without a time', { name: 'x', scopes: ['read'], expiresAt: '2030-01-01' }],
  ])('are not made with %s', async (_what, body) => {
    expect((await call(admin, 'POST', '/v1/keys', body)).status).toBe(400);
  });

  it('stop working when they are revoked, within a second', async () => {
    const { key, keyId } = await create('leaving', ['read', 'approve']);
    expect((await call(key, 'GET', '/v1/programs')).status).toBe(200);
    const revoked = await call(admin, 'DELETE', `/v1/keys/${keyId}`);
    expect(revoked.json()).toMatchObject({ keyId, status: 'revoked', revokedBy: 'admin' });
    // What the service still remembers cannot be used to make a successor.
    const successor = await call(key, 'POST', '/v1/keys', { name: 'successor', scopes: ['read'] });
    expect([successor.status, successor.json().code]).toEqual([403, 'key-not-manager']);
    now += FORGOTTEN_AFTER_MS;
    expect((await call(key, 'GET', '/v1/programs')).status).toBe(401);
  });

  it('for some programs see and manage what is about these, and no more', async () => {
    await call(admin, 'PUT', '/v1/programs/other-books', { ...testPolicy(), program: 'other-books' });
    const made = await call(admin, 'POST', '/v1/keys', {
      name: 'agency',
      scopes: ['read', 'operate', 'approve'],
      programs: ['books'],
    });
    expect([made.status, made.json().programs]).toEqual([201, ['books']]);
    const { key }: { key: string } = made.json();
    expect((await call(key, 'GET', '/v1/keys/current')).json()).toMatchObject({ programs: ['books'] });
    expect((await call(admin, 'GET', '/v1/keys/current')).json()).toMatchObject({ programs: null });
    const programs = (await call(key, 'GET', '/v1/programs')).json();
    expect(programs.items.map(({ program }: { program: string }) => program)).toEqual(['books']);

    const other = await call(key, 'PUT', '/v1/programs/other-books', { ...testPolicy(), program: 'other-books' });
    const missing = await call(key, 'PUT', '/v1/programs/no-books', { ...testPolicy(), program: 'no-books' });
    expect([other.status, missing.status]).toEqual([404, 404]);

    const narrower = await call(key, 'POST', '/v1/keys', { name: 'its reader', scopes: ['read'], programs: ['books'] });
    expect(narrower.status).toBe(201);
    const wider = await call(key, 'POST', '/v1/keys', { name: 'a way out', scopes: ['read'] });
    expect([wider.status, wider.json().code]).toEqual([403, 'programs-not-yours']);
    const keys = (await call(key, 'GET', '/v1/keys')).json();
    expect(keys.items.map(({ name }: { name: string }) => name)).toEqual(['agency', 'its reader']);
    const [unbound] = (await call(admin, 'GET', '/v1/keys')).json().items;
    expect((await call(key, 'DELETE', `/v1/keys/${unbound.keyId}`)).status).toBe(404);

    const audit = (await call(key, 'GET', '/v1/audit-log?limit=1000')).json();
    const about = new Set(audit.items.map(({ program }: { program: string | null }) => program));
    expect([...about]).toEqual(['books']);
    expect((await call(key, 'GET', '/v1/audit-log?program=other-books')).status).toBe(404);
    // Who asks for another program's books, is seen by those who may see these.
    const tries = (await call(admin, 'GET', '/v1/audit-log?program=other-books&key=agency')).json();
    expect(tries.items).toMatchObject([{ method: 'PUT', status: 404 }]);
  });

  it('expire at their instant', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { key, keyId } = await create('for an hour', ['read'], expiresAt.toISOString());
    now = expiresAt.getTime() - 1;
    expect((await call(key, 'GET', '/v1/programs')).status).toBe(200);
    now = expiresAt.getTime();
    expect((await call(key, 'GET', '/v1/programs')).status).toBe(401);
    const { items } = (await call(admin, 'GET', '/v1/keys')).json();
    expect(items).toContainEqual(expect.objectContaining({ keyId, status: 'expired' }));
  });
});

describe('the audit log', () => {
  const BASE = '/v1/programs/books';

  async function logged(query = ''): Promise<Record<string, unknown>[]> {
    return (await call(admin, 'GET', `/v1/audit-log?limit=1000${query}`)).json().items;
  }

  it('has each change with who, what and how it ended, once it is answered', async () => {
    const operator = await create('operator', ['operate']);
    const body = { period: '2024-10', amount: '1000.00', reference: 'ads-10' };
    expect((await call(operator.key, 'POST', `${BASE}/revenue`, body)).status).toBe(201);
    expect((await call(operator.key, 'POST', `${BASE}/revenue`, { ...body, amount: '2.00' })).status).toBe(409);
    const rows = await logged('&program=books&key=operator');
    expect(rows).toMatchObject([
      {
        service: 'ledger',
        keyId: operator.keyId,
        method: 'POST',
        route: '/v1/programs/:program/revenue',
        program: 'books',
        bodySha256: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
        summary: { params: { program: 'books' }, body },
        status: 201,
      },
      { status: 409 },
    ]);
  });

  it('has what a key tried without the scope', async () => {
    const reader = await create('curious', ['read']);
    expect((await call(reader.key, 'POST', `${BASE}/periods/2024-10/close`)).status).toBe(403);
    await expect.poll(() => logged('&key=curious')).toMatchObject([{ status: 403, bodySha256: null }]);
  });

  it('has the hash of a file that is read as it comes', async () => {
    const csv = 'creatorId\nc1\n';
    await service.composed.app.inject({
      method: 'POST',
      url: `${BASE}/creators`,
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'text/csv' },
      payload: csv,
    });
    const row = (await logged('&program=books')).at(-1);
    expect(row).toMatchObject({ status: 200, bodySha256: createHash('sha256').update(csv).digest('hex') });
  });

  it('is read page by page, each request once', async () => {
    const all = await logged();
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = (await call(admin, 'GET', `/v1/audit-log?limit=3${cursor}`)).json();
      seen.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all);
    const since = String(all.at(4)?.at);
    expect((await logged(`&since=${since}`)).length).toBeLessThanOrEqual(all.length - 4);
  });
});
