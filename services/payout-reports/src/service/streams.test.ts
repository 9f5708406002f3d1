import { connect } from '@rewardbook/db/client';
import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { MAX_REPORTS, MAX_REPORTS_PER_KEY } from './streamed-answer.ts';
import { composeReports, openTestBooks, type TestBooks } from './test-books.ts';

const POSTINGS = 60_000; // some twenty megabytes: more than sockets and streams hold
let database: TestDatabase;
let books: TestBooks;
let service: Composed;
let url: string;
let headers: { authorization: string };

beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'big');
  headers = await books.key(['read']);
  await books.revenue('2025-09', '0.00');
  const { sql, programId } = books;
  await sql`
    INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
    SELECT ${programId}, e.entry_id, n + 2, '', 'platform:cash', CASE WHEN n % 2 = 0 THEN 1.00 ELSE -1.00 END
    FROM journal_entry e, generate_series(1, ${POSTINGS}::integer) AS n WHERE e.program_id = ${programId}`;
  await sql`UPDATE journal_entry SET posting_count = ${POSTINGS + 2} WHERE program_id = ${programId}`;
  service = await composeReports(database);
  url = `${await service.app.listen({ host: '127.0.0.1', port: 0 })}/v1/programs/big/reports/journal`;
});

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  await books?.end();
  await database?.drop();
});

it('gives every row of a long report, in either format', async () => {
  const csv = await (await fetch(`${url}?format=csv`, { headers })).text();
  expect(csv.trimEnd().split('\n')).toHaveLength(POSTINGS + 3);
  const json = JSON.parse(await (await fetch(url, { headers })).text());
  expect(json.rows).toHaveLength(POSTINGS + 2);
});

it('refuses a report beyond those that can run, for a key and in all, and frees a place when a reader hangs up', async () => {
  const others = await books.key(['read']);
  const third = await books.key(['read']);
  const readers = Array.from({ length: MAX_REPORTS }, () => new AbortController());
  const answers = [];
  const begun = performance.now();
  for (const [index, { signal }] of readers.entries()) {
    answers.push(await fetch(url, { headers: index < MAX_REPORTS_PER_KEY ? headers : others, signal }));
  }
  expect(answers.map((answer) => answer.status)).toEqual(readers.map(() => 200));
  const ofKey = await fetch(url, { headers });
  expect([ofKey.status, ofKey.headers.get('retry-after')]).toEqual([429, '1']);
  // No reader has stalled for long enough yet, unless this machine is very busy.
  const refused = await fetch(url, { headers: third });
  expect(refused.status).toBe(performance.now() - begun < 4_000 ? 503 : refused.status);
  await refused.body?.cancel();
  // These are not read: before long one of them is ended.
  await expect.poll(() => statusOf(third), { timeout: 20_000 }).toBe(200);
  for (const reader of readers) {
    reader.abort();
  }
  await expect.poll(() => statusOf(headers)).toBe(200);
  await expect.poll(connections).toBe(0);
}, 40_000);

it('ends what runs in the database for a reader that hung up', async () => {
  const locks = connect(database.ownerUrl, { max: 1 });
  await locks.unsafe('BEGIN; LOCK TABLE posting_line IN ACCESS EXCLUSIVE MODE');
  const leaving = new AbortController();
  const left = fetch(url, { headers, signal: leaving.signal }).catch((error: unknown) => error);
  await expect.poll(connections, { timeout: 10_000 }).toBe(1);
  leaving.abort();
  expect(await left).toBeInstanceOf(Error);
  await expect.poll(connections, { timeout: 15_000 }).toBe(0);
  await locks.end({ timeout: 1 });
}, 40_000);

async function statusOf(key: Record<string, string>): Promise<number> {
  const answer = await fetch(`${url}?creator=nobody`, { headers: key });
  await answer.text();
  return answer.status;
}

it('breaks an answer off rather than end it early, when the database goes away meanwhile', async () => {
  const answer = await fetch(url, { headers });
  expect(answer.status).toBe(200);
  await books.sql`
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = ${database.name} AND application_name = 'rewardbook-report'`;
  await expect(answer.text()).rejects.toThrow();
});

async function connections(): Promise<number> {
  const [row] = await books.sql<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM pg_stat_activity
    WHERE datname = ${database.name} AND application_name = 'rewardbook-report'`;
  return row?.count ?? 0;
}
