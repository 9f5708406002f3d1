import { commissionRowSchema } from '@rewardbook/contracts/api/reports';
import type { Composed } from '@rewardbook/runtime/serve';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.ts';
import { composeReports, openTestBooks, type TestBooks } from '../../service/test-books.ts';

let database: TestDatabase;
let service: Composed;
let books: TestBooks;
let headers: { authorization: string };

beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'scouted', {
    revenueShare: '1',
    scouts: { share: '0.15', periods: 2, paidBy: 'creator' },
  });
  headers = await books.key(['read']);
  await books.creators([
    { creatorId: 'ann', scoutId: 'zoe', scoutedOn: '2025-09-30' },
    { creatorId: 'bob', scoutId: 'ann', scoutedOn: '2025-08-01' },
  ]);
  for (const period of ['2025-09', '2025-10', '2025-11'] as const) {
    await books.revenue(period, '100.01');
    await books.close(period, [
      { creatorId: 'ann', netLikes: 1, netFollows: 0 },
      { creatorId: 'bob', netLikes: 1, netFollows: 0 },
    ]);
  }
  service = await composeReports(database);
});

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  await books?.end();
  await database?.drop();
});

async function answer(path: string, accept = 'application/json') {
  const url = `/v1/programs/scouted/${path}`;
  const found = await service.app.inject({ url, headers: { ...headers, accept } });
  expect(found.statusCode, found.body).toBe(200);
  return found;
}

it('has a row for each scouted creator of a close, until the last period of its scout', async () => {
  const { rows } = (await answer('reports/commissions')).json();
  const inSeptember = {
    period: '2025-09',
    scout_id: 'ann',
    creator_id: 'bob',
    scouted_on: '2025-08-01',
    last_period: '2025-09',
    base: '50.00',
    share: '0.15',
    amount: '7.50',
    currency: 'IDR',
    paid_by: 'creator',
    entry_key: 'close:2025-09',
  };
  const ofZoe = { scout_id: 'zoe', creator_id: 'ann', scouted_on: '2025-09-30', last_period: '2025-10', base: '50.01' };
  expect(rows).toEqual([
    inSeptember,
    { ...inSeptember, ...ofZoe },
    { ...inSeptember, ...ofZoe, period: '2025-10', entry_key: 'close:2025-10' },
  ]);
  for (const row of rows) {
    expect(commissionRowSchema.strict().safeParse(row).error).toBeUndefined();
  }
  expect((await answer('reports/commissions?period=2025-10&creator=bob')).json().rows).toEqual([]);
  expect((await answer('reports/commissions?creator=ann')).json().rows).toHaveLength(3);
  const table: Record<string, string>[] = parse((await answer('reports/commissions', 'text/csv')).body, {
    columns: true,
  });
  expect(table).toEqual(rows);
});

it('is explained to the creator and to the scout, and in the rows of payouts', async () => {
  const ann = (await answer('periods/2025-09/creators/ann/explanation')).json();
  expect(ann.scouts).toMatchObject({
    scoutedBy: { scoutId: 'zoe', scoutedOn: '2025-09-30', until: '2025-10', base: '50.01', commission: '7.50' },
    earned: '7.50',
    creatorsScouted: 1,
  });
  const { rows } = (await answer('reports/payouts?period=2025-09')).json();
  expect(
    rows.map((row: Record<string, string>) => [
      row.creator_id,
      row.pool_amount,
      row.commission_paid,
      row.commission_earned,
      row.allocated,
    ]),
  ).toEqual([
    ['ann', '50.01', '-7.50', '7.50', '50.01'],
    ['bob', '50.00', '-7.50', '0.00', '42.50'],
    ['zoe', '0.00', '0.00', '7.50', '7.50'],
  ]);
});
