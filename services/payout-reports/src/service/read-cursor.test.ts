import { connect, type Sql } from '@rewardbook/db/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { inBatches, type ReportSource } from './read-cursor.ts';

let database: TestDatabase;
let owner: Sql;
let source: ReportSource;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = connect(database.ownerUrl, { max: 1 });
  source = { databaseUrl: database.serviceUrls.reports, statementTimeoutMs: 1_000, idleTimeoutMs: 1_000 };
});

afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

function numbers(to: number, divisor = 'n') {
  const text = `SELECT (1.0 * n * n / (${divisor}))::integer AS n FROM generate_series(1, $1::integer) AS n`;
  return inBatches<{ n: number }>(source, { text, values: [to] });
}

async function readers(): Promise<number[]> {
  const rows = await owner<{ pid: number }[]>`
    SELECT pid FROM pg_stat_activity WHERE datname = ${database.name} AND application_name = 'rewardbook-report'`;
  return rows.map((row) => row.pid);
}

async function readAll(batches: AsyncIterable<{ n: number }[]>): Promise<number> {
  let count = 0;
  for await (const rows of batches) {
    count += rows.length;
  }
  return count;
}

it.each([0, 1, 999, 1000, 1001, 2000, 5500])('gives each of %i rows once, in order', async (count) => {
  const found: number[] = [];
  for await (const rows of numbers(count)) {
    found.push(...rows.map((row) => row.n));
  }
  expect(found).toEqual(Array.from({ length: count }, (_, index) => index + 1));
});

// With 50,000 creators that the planner had no statistics of, payouts took more than a minute by nested loops, and
// seconds without.
it.each([true, false])('goes without nested loops where a query is of many: %s', async (isOfMany) => {
  const text = "SELECT current_setting('enable_nestloop') AS loops";
  for await (const rows of inBatches<{ loops: string }>(source, { text, values: [], isOfMany })) {
    expect(rows).toEqual([{ loops: isOfMany ? 'off' : 'on' }]);
  }
});

it('hangs up when the reader stops early, or never begins', async () => {
  for await (const rows of numbers(100_000)) {
    expect(rows).toHaveLength(1000);
    break;
  }
  await numbers(10).return();
  await expect.poll(readers).toEqual([]);
});

it('passes on an error of the query, also after some rows', async () => {
  const batches = numbers(9000, '5000 - n');
  expect((await batches.next()).value).toHaveLength(1000);
  await expect(readAll(batches)).rejects.toThrow('division by zero');
  await expect.poll(readers).toEqual([]);
});

it('does not wait for a reader forever', async () => {
  const batches = numbers(5000);
  await batches.next();
  await expect.poll(readers, { timeout: 10_000 }).toEqual([]);
  await expect(readAll(batches)).rejects.toThrow();
});

it('does not wait for a query forever', async () => {
  const endless = inBatches<{ n: number }>(source, { text: 'SELECT 1 AS n FROM pg_sleep(60)', values: [] });
  await expect(readAll(endless)).rejects.toMatchObject({ code: 'database-unavailable' });
});

it('fails, instead of ending early, when its backend is killed between two batches', async () => {
  const batches = numbers(50_000);
  await batches.next();
  for (const pid of await readers()) {
    await owner`SELECT pg_terminate_backend(${pid}, 5000)`;
  }
  await expect(readAll(batches)).rejects.toMatchObject({ code: 'database-unavailable' });
});

it('says that the database is unavailable', async () => {
  const away = inBatches<{ n: number }>(
    { ...source, databaseUrl: 'postgres://127.0.0.1:1/none' },
    { text: 'SELECT 1 AS n', values: [] },
  );
  await expect(readAll(away)).rejects.toMatchObject({ code: 'database-unavailable' });
});
