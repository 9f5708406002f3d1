import { reportRowSchemas } from '@rewardbook/contracts/api/reports';
import type { Composed } from '@rewardbook/runtime/serve';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { composeReports, openTestBooks, type TestBooks } from '../service/test-books.ts';
import { FORMATS } from './format.ts';

let database: TestDatabase;
let service: Composed;
let books: TestBooks;
let headers: { authorization: string };

beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'demo', { payout: { withholding: { ID: '0.025' } } });
  headers = await books.key(['read']);
  await books.creators([
    { creatorId: '=SUM(A1)', payee: 'Bob', taxCountry: 'ID' },
    { creatorId: 'ann', payee: 'Ann', taxCountry: 'ID' },
    { creatorId: 'no-payee', taxCountry: 'ID' },
  ]);
  await books.revenue('2025-09', '1000.00');
  await books.close('2025-09', [
    { creatorId: '=SUM(A1)', netLikes: 1, netFollows: 0 },
    { creatorId: 'ann', netLikes: 1, netFollows: 1 },
    { creatorId: 'late:r', netLikes: -3, netFollows: 0 },
    { creatorId: 'no-payee', netLikes: 1, netFollows: 0 },
  ]);
  await books.revenue('2025-10', '100.02');
  await books.close('2025-10', [{ creatorId: 'ann', netLikes: 2, netFollows: 0 }]);
  await books.revenue('2025-11', '2000.00');
  await books.tally('2025-11', 'ann', 3, 0);
  await books.tally('2025-11', 'zed', 1, 0);
  await books.tally('2025-08', 'ann', 9, 9);
  await books.tally('-000001-12', 'ann', 1, 0); // an event of the year 0000, in a zone west of Greenwich
  service = await composeReports(database);
});

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  await books?.end();
  await database?.drop();
});

function get(path: string, more: Record<string, string> = {}) {
  return service.app.inject({ url: `/v1/programs/demo/reports/${path}`, headers: { ...headers, ...more } });
}

async function csv(path: string): Promise<Record<string, string>[]> {
  const answer = await get(path, { accept: 'text/csv' });
  expect(answer.statusCode, answer.body).toBe(200);
  return parse(answer.body, { columns: true });
}

async function rows(path: string): Promise<Record<string, string | number | null>[]> {
  const answer = await get(path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().rows;
}

describe('payouts', () => {
  it('have a row for each creator of the closed period, by creator', async () => {
    const found = await rows('payouts?period=2025-09');
    expect(found.map((row) => row.creator_id)).toEqual(['=SUM(A1)', 'ann', 'late:r', 'no-payee']);
    expect(found[1]).toEqual({
      period: '2025-09',
      run_id: null,
      payout_id: null,
      creator_id: 'ann',
      likes: 1,
      follows: 1,
      points: '2',
      weight: '2',
      pool_share: '0.5',
      currency: 'IDR',
      gross: '25.00',
      adjustment: '0.00',
      held: '0.00',
      released: '0.00',
      withholding: '0.62',
      net: '24.38',
      carried_in: '0.00',
      carried_out: '0.00',
      status: 'projected',
      status_reason: null,
      policy_version: 1,
      entry_key: 'close:2025-09',
      allocated: '25.00',
      returned: '0.00',
      return_entry_key: null,
      taxed_before: '0.00',
      pool_amount: '25.00',
      commission_paid: '0.00',
      commission_earned: '0.00',
    });
    const status = 'projected-waiting';
    expect(found[2]).toMatchObject({ gross: '0.00', status, status_reason: 'not-above-zero', points: '0' });
    expect(found[3]).toMatchObject({ gross: '12.50', status, status_reason: 'incomplete' });
  });

  it('are in the order of periods, and can be limited to one creator', async () => {
    const found = await rows('payouts?creator=ann');
    expect(found.map((row) => [row.period, row.gross])).toEqual([
      ['2025-09', '25.00'],
      ['2025-10', '5.00'],
    ]);
  });

  it('do not exist for an open period, or a period of another kind', async () => {
    expect((await get('payouts?period=2025-11')).json()).toMatchObject({ status: 409, code: 'not-closed' });
    expect((await get('payouts?period=2025-W40')).json()).toMatchObject({ status: 400, code: 'bad-period' });
    expect((await get('payouts?period=2025-13')).json()).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});

describe('the journal', () => {
  it('has a row for each posting, which balance, with running balances and opposite accounts', async () => {
    const found = await rows('journal');
    expect(found.slice(0, 2)).toMatchObject([
      {
        seq: 1,
        account: 'platform:ad-receivable',
        opposite_account: 'platform:ad-revenue',
        debit: '1000.00',
        credit: null,
      },
      {
        seq: 1,
        account: 'platform:ad-revenue',
        opposite_account: 'platform:ad-receivable',
        debit: null,
        credit: '1000.00',
      },
    ]);
    const cents = (text: unknown) => (typeof text === 'string' ? BigInt(text.replace('.', '')) : 0n);
    const running = new Map<unknown, bigint>();
    const perEntry = new Map<unknown, bigint>();
    for (const row of found) {
      const amount = cents(row.debit) - cents(row.credit);
      running.set(row.account, (running.get(row.account) ?? 0n) + amount);
      perEntry.set(row.seq, (perEntry.get(row.seq) ?? 0n) + amount);
      expect(cents(row.running_balance)).toBe(running.get(row.account));
    }
    expect([...perEntry.values()].every((sum) => sum === 0n)).toBe(true);
    expect(perEntry.size).toBe(5);
    expect(
      found.filter((row) => row.entry_key === 'close:2025-09').every((row) => row.opposite_account === '(split)'),
    ).toBe(true);
  });

  it('can be cut to a period, with balances that still count what was before', async () => {
    const found = await rows('journal?period=2025-10');
    expect(new Set(found.map((row) => row.entry_key))).toEqual(new Set(['revenue:ads-2025-10', 'close:2025-10']));
    expect(found[0]).toMatchObject({ account: 'platform:ad-receivable', running_balance: '1100.02' });
  });

  it('can be cut to a creator', async () => {
    const found = await rows('journal?creator=ann');
    expect(found.map((row) => [row.account, row.credit, row.running_balance])).toEqual([
      ['creator:ann:payable', '25.00', '-25.00'],
      ['creator:ann:payable', '5.00', '-30.00'],
    ]);
  });
});

describe('a statement', () => {
  it('goes from the opening over every movement to the closing balance, with estimates apart', async () => {
    const found = await rows('statement?creator=ann');
    expect(found.map((row) => [row.line, row.reason, row.amount, row.balance])).toEqual([
      ['opening', 'opening balance', null, '0.00'],
      ['movement', 'earned in 2025-09', '25.00', '25.00'],
      ['movement', 'earned in 2025-10', '5.00', '30.00'],
      ['closing', 'closing balance', null, '30.00'],
      ['estimate', 'estimate for 2025-11: 3 likes and 0 follows so far', '75.00', null],
    ]);
  });

  it('opens with what was before the period', async () => {
    const found = await rows('statement?creator=ann&period=2025-10');
    expect(found.map((row) => [row.line, row.effective_at, row.balance])).toEqual([
      ['opening', '2025-10-01', '25.00'],
      ['movement', '2025-10-31', '30.00'],
      ['closing', '2025-10-31', '30.00'],
    ]);
  });

  it('needs a known creator', async () => {
    expect((await get('statement')).json()).toMatchObject({ status: 400, errors: [{ path: 'querystring.creator' }] });
    expect((await get('statement?creator=nobody')).json()).toMatchObject({ status: 404, code: 'creator-unknown' });
  });
});

describe('the trial balance', () => {
  it('has equal totals, now and at the end of a period', async () => {
    const now = await rows('trial-balance');
    const then = await rows('trial-balance?period=2025-09');
    for (const found of [now, then]) {
      const total = found.at(-1);
      expect(total).toMatchObject({ account: '(total)', balance: '0.00' });
      expect(total?.debit).toBe(total?.credit);
    }
    expect(now.find((row) => row.account === 'creator:ann:payable')).toMatchObject({
      debit: '0.00',
      credit: '30.00',
      balance: '-30.00',
    });
    expect(then.find((row) => row.account === 'creator:ann:payable')).toMatchObject({
      credit: '25.00',
      balance: '-25.00',
    });
    expect(then.find((row) => row.account === 'creator:%3DSUM(A1):payable')).toMatchObject({ balance: '-12.50' });
  });
});

describe('the summary', () => {
  it('has a row for each period, closed or with revenue', async () => {
    const found = await rows('summary');
    expect(found).toMatchObject([
      {
        period: '2025-09',
        status: 'closed',
        revenue: '1000.00',
        share: '0.05',
        pool: '50.00',
        allocated: '50.00',
        undistributed: '0.00',
        creators_paid: 3,
        creators_waiting: 2,
        gini: '0.5',
        palma: null,
        excluded_selfEngagement_events: 2,
        excluded_selfEngagement_points: '1.5',
        excluded_tooLate_events: 0,
        excluded_tooLate_points: '0',
      },
      { period: '2025-10', revenue: '100.02', pool: '5.00', creators_paid: 1, creators_waiting: 0 },
      {
        period: '2025-11',
        status: 'open',
        revenue: '2000.00',
        pool: null,
        creators_paid: null,
        excluded_tooLate_events: null,
      },
    ]);
    expect(await rows('summary?period=2025-11')).toHaveLength(1);
    expect((await get('summary?period=2025-12')).statusCode).toBe(404);
  });
});

it('revenue is one figure, before a close and after it; what is booked and what is carried in are named apart', async () => {
  const minus = await openTestBooks(database.ownerUrl, 'minus');
  const figures = async () => {
    const answer = await service.app.inject({ url: '/v1/programs/minus/reports/summary', headers });
    const found: Record<string, string | null>[] = answer.json().rows;
    return found.map((row) => [row.period, row.revenue, row.revenue_entries, row.revenue_carried_in]);
  };
  try {
    await minus.revenue('2025-09', '-100.00');
    await minus.revenue('2025-10', '300.00');
    const open = ['2025-10', '300.00', '300.00', null];
    expect(await figures()).toEqual([['2025-09', '-100.00', '-100.00', '0.00'], open]);
    await minus.close('2025-09', []);
    await minus.revenue('2025-11', '5.00');
    const next = ['2025-10', '200.00', '300.00', '-100.00'];
    const last = ['2025-11', '5.00', '5.00', null];
    expect(await figures()).toEqual([['2025-09', '-100.00', '-100.00', '0.00'], next, last]);
    await minus.close('2025-10', []);
    expect((await figures()).slice(1)).toEqual([next, ['2025-11', '5.00', '5.00', '0.00']]);
  } finally {
    await minus.end();
  }
});

describe('every report', () => {
  // Commissions have a test of their own: this program pays no scouts.
  it.each(Object.entries(reportRowSchemas).filter(([name]) => name !== 'commissions'))(
    '%s says the same in CSV and in JSON, by its schema',
    async (name, schema) => {
      const needed: Readonly<Record<string, string>> = { statement: '?creator=ann', allocations: '?period=2025-09' };
      const path = name + (needed[name] ?? '');
      const json = await rows(path);
      const table = await csv(path);
      expect(Object.keys(table[0] ?? {})).toEqual(Object.keys(schema.shape));
      expect(table).toHaveLength(json.length);
      for (const [index, row] of json.entries()) {
        expect(schema.strict().safeParse(row).error).toBeUndefined();
        const asText = Object.fromEntries(
          Object.entries(row).map(([key, value]) => {
            const text = value === null ? '' : String(value);
            return [key, /^[=+@]/.test(text) ? `'${text}` : text];
          }),
        );
        expect(table[index]).toEqual(asText);
      }
    },
  );

  it('keeps ids from running as formulas, and negative amounts numbers', async () => {
    const payouts = (await get('payouts?period=2025-09&format=csv')).body;
    expect(payouts).toContain(",'=SUM(A1),");
    expect(payouts).not.toMatch(/(^|,)=/m);
    expect((await get('trial-balance?format=csv')).body).toContain(',-30.00,IDR');
  });

  it('comes in the format asked for', async () => {
    const type = async (path: string, accept?: string) => {
      const answer = await get(path, accept === undefined ? {} : { accept });
      return answer.headers['content-type'];
    };
    expect(await type('summary')).toBe('application/json; charset=utf-8');
    expect(await type('summary', '*/*')).toContain('json');
    expect(await type('summary', 'text/csv')).toBe('text/csv; charset=utf-8');
    expect(await type('summary', 'application/json;q=0.5, text/csv')).toContain('csv');
    expect(await type('summary', 'text/csv; charset=utf-8')).toContain('csv');
    expect(await type('summary', 'text/html, text/*;q=0.9')).toContain('csv');
    expect(await type('summary', 'application/json;q=0.1, */*;q=0.5')).toContain('csv');
    expect(await type('summary?format=csv', 'application/json')).toContain('csv');
    expect((await get('summary', { accept: 'application/json;q=0' })).statusCode).toBe(406);
    expect((await get('summary', { accept: 'application/pdf' })).statusCode).toBe(406);
    expect((await get('summary?format=csv')).headers['content-disposition']).toBe(
      'attachment; filename="demo-summary.csv"',
    );
  });

  it('needs a key with the scope read, and a program that exists', async () => {
    const url = '/v1/programs/demo/reports/payouts';
    expect((await service.app.inject({ url })).statusCode).toBe(401);
    expect((await service.app.inject({ url, headers: await books.key(['operate', 'events:write']) })).statusCode).toBe(
      403,
    );
    const other = await service.app.inject({ url: '/v1/programs/nothing/reports/payouts', headers });
    expect(other.json()).toMatchObject({ status: 404, code: 'program-unknown' });
  });

  it('refuses a filter that it does not have', async () => {
    expect((await get('summary?creator=ann')).statusCode).toBe(400);
    expect((await get('payouts?perod=2025-09')).statusCode).toBe(400);
  });

  it('is described by the OpenAPI document', async () => {
    const document = (await service.app.inject({ url: '/openapi.json' })).json();
    const types = (name: string) =>
      Object.keys(document.paths[`/v1/programs/{program}/reports/${name}`].get.responses['200'].content);
    const tabular = ['application/json', 'text/csv', FORMATS.xlsx.contentType];
    expect(types('payouts')).toEqual(tabular);
    expect(types('statement')).toEqual([...tabular, 'application/pdf']);
    expect(types('journal')).toEqual([...tabular, 'text/plain']);
    expect(types('payout-run')).toEqual(['application/pdf']);
    expect((await service.app.inject({ url: '/readyz' })).statusCode).toBe(200);
  });
});
