import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { policyHash } from '@rewardbook/domain/policy/policy';
import { simulate } from '@rewardbook/simulate/closes/simulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { event, ingest, programOf, testPolicy } from './test-support/books.ts';
import { type Answer, type Method, openService, type TestService } from './test-support/service.ts';

// The main path over HTTP, with real queues on Postgres.

let service: TestService;
let keys: { readonly operate: string; readonly read: string };
const policy = testPolicy();
const BASE = '/v1/programs/books';

beforeAll(async () => {
  service = await openService({ sweepEveryMs: 100 });
  keys = { operate: await service.rootKey('operate', ['operate']), read: await service.rootKey('read', ['read']) };
});
afterAll(() => service.close());

function call(method: Method, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const key = method === 'GET' || url === 'verify' ? keys.read : keys.operate;
  return service.call(key, method, url.startsWith('/') ? url : `${BASE}/${url}`, body, headers);
}

async function until<Value>(ask: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await ask();
    if (holds(value) || Date.now() > deadline) {
      return value;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const october: EngagementEvent[] = [
  event('like', 'v1', 'c1', '2024-10-02T10:00:00Z'),
  event('like', 'v2', 'c1', '2024-10-03T10:00:00Z'),
  event('follow', 'v1', 'c2', '2024-10-04T10:00:00Z'),
  event('like', 'v3', 'c 2:ü', '2024-10-05T10:00:00Z'),
  event('unlike', 'v2', 'c1', '2024-11-03T10:00:00Z'),
];

describe('the main path', () => {
  it('applies a policy once, and again without effect', async () => {
    const first = await call('PUT', BASE, policy);
    expect(first.status).toBe(201);
    expect(first.json()).toMatchObject({ program: 'books', version: 1, validFrom: null, changed: true });
    const again = await call('PUT', BASE, policy);
    expect(again.status).toBe(200);
    expect(again.json()).toMatchObject({ version: 1, changed: false, policyHash: policyHash(policy) });
    expect((await call('GET', '/v1/programs')).json().items).toHaveLength(1);
    expect((await call('GET', BASE)).json()).toMatchObject({ program: 'books', name: 'Books', policyVersion: 1 });
    expect((await call('GET', 'policies/1')).json().policy).toEqual(policy);
  });

  it('registers creators from CSV and from JSON', async () => {
    const csv = 'creatorId,country,joinedOn,viewerIds\nc1,ID,2024-01-05,v9 v8\nc2,,,\n';
    const imported = await call('POST', 'creators', csv, { 'content-type': 'text/csv' });
    expect(imported.json()).toEqual({ program: 'books', received: 2, added: 2, changed: 0, unchanged: 0 });
    const again = await call('POST', 'creators', [
      { creatorId: 'c1', country: 'ID', joinedOn: '2024-01-05', viewerIds: ['v9', 'v8'] },
      { creatorId: 'c2', country: 'ID' },
    ]);
    expect(again.json()).toEqual({ program: 'books', received: 2, added: 0, changed: 1, unchanged: 1 });
    const page = (await call('GET', 'creators?limit=1')).json();
    expect(page.items).toEqual([expect.objectContaining({ creatorId: 'c1', viewerIds: ['v8', 'v9'] })]);
    expect((await call('GET', `creators?cursor=${page.nextCursor}`)).json()).toMatchObject({
      items: [{ creatorId: 'c2', country: 'ID' }],
      nextCursor: null,
    });
  });

  it('books revenue once for each reference', async () => {
    const booking = { period: '2024-10', amount: '1000.00', reference: 'ads-10' };
    const booked = await call('POST', 'revenue', booking);
    expect(booked.status).toBe(201);
    expect(booked.json()).toMatchObject({
      amount: '1000.00',
      currency: 'IDR',
      entryKey: 'revenue:ads-10',
      repeated: false,
    });
    expect((await call('POST', 'revenue', booking)).json().repeated).toBe(true);
    const other = await call('POST', 'revenue', { ...booking, amount: '1000.01' });
    expect([other.status, other.json().code]).toEqual([409, 'reference-conflict']);
    expect((await call('GET', 'revenue?period=2024-10')).json().items).toHaveLength(1);
    const entry = (await call('GET', 'journal/revenue:ads-10')).json();
    expect(entry).toMatchObject({ seq: 1, effectiveAt: '2024-10-31', reverses: null });
    expect(entry.postings.items).toEqual([
      { line: 1, account: 'platform:ad-receivable', amount: '1000.00' },
      { line: 2, account: 'platform:ad-revenue', amount: '-1000.00' },
    ]);
  });

  it('tallies batches that nobody enqueued, each once', async () => {
    const { books, queues } = service;
    const { programId } = await programOf(books, 'books');
    await ingest(books.sql, programId, october);
    await books.owner`UPDATE ingest_batch SET sealed_at = now() - interval '1 minute'`;
    const tallies = await until(
      async () => (await call('GET', 'tallies?period=2024-10')).json(),
      (page) => page.items.length > 0,
    );
    expect(tallies.items).toEqual([
      { period: '2024-10', creatorId: 'c 2:ü', likes: 1, unlikes: 0, follows: 0, unfollows: 0 },
      { period: '2024-10', creatorId: 'c1', likes: 2, unlikes: 0, follows: 0, unfollows: 0 },
      { period: '2024-10', creatorId: 'c2', likes: 0, unlikes: 0, follows: 1, unfollows: 0 },
    ]);
    const [batch] = await books.sql<{ batchId: string }[]>`SELECT batch_id::text AS "batchId" FROM ingest_batch`;
    await queues.enqueue('tally', { batchIds: [batch?.batchId ?? ''] }, { batchIds: [batch?.batchId ?? ''] });
    await until(
      () => queues.depths(),
      ({ tally }) => tally.waiting + tally.active === 0,
    );
    expect((await call('GET', 'tallies?period=2024-10')).json()).toEqual(tallies);
  });

  it('shows by a dry run what the close then posts, the same bytes as the simulator', async () => {
    const dry = await call('POST', 'periods/2024-10/close?dryRun=true');
    expect(dry.status).toBe(200);
    expect((await call('GET', 'periods/2024-10')).json()).toMatchObject({
      status: 'open',
      revenue: '1000.00',
      pool: null,
    });
    const accepted = await call('POST', 'periods/2024-10/close');
    expect([accepted.status, accepted.json().poll]).toEqual([202, `${BASE}/periods/2024-10`]);
    const period = await until(
      async () => (await call('GET', 'periods/2024-10')).json(),
      ({ status }) => status === 'closed',
    );
    expect(period).toMatchObject({
      status: 'closed',
      start: '2024-10-01T00:00:00.000Z',
      end: '2024-11-01T00:00:00.000Z',
      pool: '50.00',
      allocated: '50.00',
      entryKey: 'close:2024-10',
      failure: null,
    });
    const result = await call('GET', 'periods/2024-10/result');
    expect(result.text).toBe(dry.text);
    const creators = [
      { creatorId: 'c1', country: 'ID', joinedOn: '2024-01-05', viewerIds: ['v8', 'v9'] },
      { creatorId: 'c2', country: 'ID', joinedOn: null, viewerIds: [] },
    ].map((creator) => ({ handle: null, taxCountry: null, payee: null, account: null, followers: 0, ...creator }));
    const simulated = simulate({
      policies: [{ policy, policyHash: policyHash(policy), validFrom: null }],
      creators,
      revenue: new Map([['2024-10', 100_000n]]),
      events: october,
    });
    expect(result.text).toBe(JSON.stringify(simulated.periods[0]));
    expect(
      result.json().creators.map((row: { creatorId: string; amount: string }) => [row.creatorId, row.amount]),
    ).toEqual([
      ['c 2:ü', '12.50'],
      ['c1', '25.00'],
      ['c2', '12.50'],
    ]);
  });

  it('keeps the books: journal, accounts, trial balance', async () => {
    const entry = (await call('GET', 'journal/close:2024-10?limit=2')).json();
    expect(entry).toMatchObject({ seq: 2, kind: 'close', effectiveAt: '2024-10-31', postingCount: 6 });
    expect(entry.postings.items[0]).toEqual({ line: 1, account: 'platform:rewards-expense', amount: '50.00' });
    const next = (await call('GET', `journal/close:2024-10?cursor=${entry.postings.nextCursor}`)).json();
    expect(next.postings.items.map((posting: { account: string }) => posting.account)).toEqual([
      'pool:2024-10',
      'creator:c%202%3A%C3%BC:payable',
      'creator:c1:payable',
      'creator:c2:payable',
    ]);
    expect((await call('GET', 'journal?kind=close')).json().items).toHaveLength(1);
    const account = encodeURIComponent('creator:c%202%3A%C3%BC:payable');
    expect((await call('GET', `accounts/${account}`)).json()).toMatchObject({
      balance: '-12.50',
      movements: { items: [{ entryKey: 'close:2024-10', amount: '-12.50', balance: '-12.50' }] },
    });
    expect((await call('GET', 'accounts?prefix=creator:')).json().items).toHaveLength(3);
    const trial = (await call('GET', 'trial-balance')).json();
    expect(trial).toMatchObject({ totalDebit: '1100.00', totalCredit: '1100.00', nextCursor: null });
    expect(trial.items.find((item: { account: string }) => item.account === 'pool:2024-10').balance).toBe('0.00');
    const verified = (await call('POST', 'verify')).json();
    expect(verified.checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([]);
    expect(verified.ok).toBe(true);
  });

  it('gives a later policy the next period, and closes it with the take-back of a paid like', async () => {
    const { validFrom } = (await call('PUT', BASE, { ...policy, revenueShare: '0.10' })).json();
    expect(validFrom).toBe('2024-11');
    const early = await call('PUT', `${BASE}?from=2024-10`, { ...policy, revenueShare: '0.2' });
    expect([early.status, early.json().code]).toEqual([409, 'policy-too-early']);
    const dry = (await call('POST', 'periods/2024-11/close?dryRun=true')).json();
    expect(dry).toMatchObject({ revenue: '0.00', pool: '0.00' });
    expect(dry.creators).toEqual([
      expect.objectContaining({ creatorId: 'c1', netLikes: -1, carriedOut: '-1', points: '0', amount: '0.00' }),
    ]);
  });

  it('says what is there: readiness, metrics, OpenAPI', async () => {
    expect((await call('GET', '/readyz')).json()).toMatchObject({ checks: ['database', 'queue'] });
    const { text } = await call('GET', '/metrics');
    expect(text).toMatch(/ledger_tallied_batches_total 1\n/);
    expect(text).toMatch(/ledger_close_phase_duration_seconds_count\{phase="commit"\} 1\n/);
    expect(text).toContain('ledger_queue_jobs{queue="close",state="waiting"}');
    const { paths } = (await call('GET', '/openapi.json')).json();
    expect(Object.keys(paths).length).toBeGreaterThan(14);
  });

  it('names apart what of the revenue of a period is booked, and what is carried in', async () => {
    const minus = '/v1/programs/minus';
    await call('PUT', minus, { ...policy, program: 'minus' });
    for (const [period, amount] of [
      ['2024-09', '-100.00'],
      ['2024-10', '300.00'],
    ]) {
      expect((await call('POST', `${minus}/revenue`, { period, amount, reference: period })).status).toBe(201);
    }
    const revenueOf = async (period: string) => {
      const { revenue, revenueEntries, revenueCarriedIn } = (await call('GET', `${minus}/periods/${period}`)).json();
      return [revenue, revenueEntries, revenueCarriedIn];
    };
    expect(await revenueOf('2024-10')).toEqual(['300.00', '300.00', null]);
    expect((await call('POST', `${minus}/periods/2024-09/close`)).status).toBe(202);
    await until(
      async () => (await call('GET', `${minus}/periods/2024-09`)).json(),
      ({ status }) => status === 'closed',
    );
    expect(await revenueOf('2024-09')).toEqual(['-100.00', '-100.00', '0.00']);
    expect(await revenueOf('2024-10')).toEqual(['200.00', '300.00', '-100.00']);
    const dry = (await call('POST', `${minus}/periods/2024-10/close?dryRun=true`)).json();
    expect(dry.revenue).toBe('200.00');
  });
});
