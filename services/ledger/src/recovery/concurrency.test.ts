import { connect } from '@rewardbook/db/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { adjust } from '../adjustments/adjust.ts';
import { closePeriod } from '../close/close-period.ts';
import { decide } from '../decisions/decide.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { type Books, begin, closeNow, event, ingest, openBooks, programOf, resultOf } from '../test-support/books.ts';
import { BY, OTHER, openPayingProgram } from '../test-support/payout-books.ts';
import { NOW, openProgram, revenue } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

async function entriesOf(programId: number, kind: string): Promise<number> {
  const [row] = await books.sql<{ n: number }[]>`
    SELECT count(*)::integer AS n FROM journal_entry WHERE program_id = ${programId} AND kind = ${kind}`;
  return row?.n ?? 0;
}

async function expectSound(slug: string): Promise<void> {
  const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

async function untilSomebodyWaits(): Promise<void> {
  for (const deadline = Date.now() + 10_000; ; ) {
    const [found] = await books.owner<{ waiting: number }[]>`
      SELECT count(*)::integer AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (found !== undefined && found.waiting > 0) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error('nobody waits for a lock');
    }
  }
}

it('closes of the same period at the same time have one effect', async () => {
  const programId = await openProgram(books, 'two-closes');
  await begin(books, await programOf(books, 'two-closes'), '2024-10');
  const job = { program: 'two-closes', period: '2024-10' };
  const hashes = await Promise.all([1, 2, 3].map(() => closePeriod(books.ledger, job)));
  expect(new Set(hashes).size).toBe(1);
  expect(await closePeriod(books.ledger, job)).toBe(hashes[0]);
  expect(await entriesOf(programId, 'close')).toBe(1);
  await expectSound('two-closes');
});

it('beginnings of a close at the same time fix its inputs once', async () => {
  await openProgram(books, 'two-beginnings');
  const program = await programOf(books, 'two-beginnings');
  await Promise.all([1, 2, 3, 4].map(() => begin(books, program, '2024-10')));
  const rows = await books.sql`SELECT 1 FROM close WHERE program_id = ${program.programId}`;
  expect(rows).toHaveLength(1);
});

it('a close that begins while batches are tallied waits for them in the same order: neither deadlocks', async () => {
  const programId = await openProgram(books, 'tally-and-begin');
  const [row] = await books.sql<{ ids: string[] }[]>`SELECT reserve_batches(2)::text[] AS ids`;
  const [low, high] = row?.ids ?? [];
  if (low === undefined || high === undefined) {
    throw new Error('no batches were reserved');
  }
  const later = event('like', 'x1', 'c1', '2024-10-20T10:00:00Z');
  await ingest(books.sql, programId, [later], { batch: high }); // comes before the lower one on the disk
  await ingest(books.sql, programId, [event('like', 'x2', 'c1', '2024-10-20T10:00:00Z')], { batch: low });
  const tallying = books.ledger.openConnection();
  const tally = (batch: string) =>
    tallying`SELECT tally_batches(${programId}, ARRAY[${batch}::bigint], ARRAY[0::bigint], ARRAY['2024-10'])`;
  await tallying.unsafe('BEGIN');
  await tally(low);
  const beginning = begin(books, await programOf(books, 'tally-and-begin'), '2024-10');
  await untilSomebodyWaits();
  await tally(high);
  await tallying.unsafe('COMMIT');
  await tallying.end();
  await beginning;
  const seen = await books.sql`SELECT DISTINCT seen_close FROM ingest_batch WHERE program_id = ${programId}`;
  expect(seen).toEqual([{ seen_close: 1 }]);
});

it('bookings of the same revenue at the same time have one effect', async () => {
  const programId = await openProgram(books, 'two-bookings');
  const booking = { period: '2024-10', amount: '77.00', reference: 'same' };
  const booked = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(() =>
      bookRevenue(books.ledger, 'two-bookings', booking, { actor: actorOf('test'), now: NOW }),
    ),
  );
  expect(booked.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await entriesOf(programId, 'revenue')).toBe(2);
  await expectSound('two-bookings');
});

it('an ingest that is not committed when a close begins is seen by the next close, once', async () => {
  const programId = await openProgram(books, 'late-commit');
  const connection = books.ledger.openConnection();
  await connection.unsafe('BEGIN');
  const late = event('like', 'late', 'c1', '2024-10-20T10:00:00Z');
  const batchId = await ingest(connection, programId, [late], { seal: false });
  const first = closeNow(books, 'late-commit', '2024-10');
  await first;
  await connection.unsafe('COMMIT');
  await connection.end();
  await books.sql`SELECT seal_batches(ARRAY[${batchId}::bigint])`;
  await revenue(books, 'late-commit', '2024-11', '10.00');
  await closeNow(books, 'late-commit', '2024-11');
  const netLikesOf = (text: string) =>
    JSON.parse(text).creators.find(({ creatorId }: { creatorId: string }) => creatorId === 'c1').netLikes;
  const [october, november] = [
    netLikesOf(await resultOf(books, 'late-commit', '2024-10')),
    netLikesOf(await resultOf(books, 'late-commit', '2024-11')),
  ];
  const [recorded] = await books.sql<{ n: number }[]>`
    SELECT count(DISTINCT (viewer_id, content_id))::integer AS n FROM engagement
    WHERE program_id = ${programId} AND creator_id = 'c1' AND content_id <> '' AND gained_close > 0`;
  expect(october + november).toBe(recorded?.n);
  expect(november).toBe(2); // n2 of the scenario and the late one
  await expectSound('late-commit');
});

it('ingest and closes at the same moment: every event earns exactly once', async () => {
  const slug = 'ingest-and-close';
  const programId = await openProgram(books, slug, { risk: {} });
  const feeder = connect(books.database.serviceUrl, { max: 2 });
  const batches = Array.from({ length: 40 }, (_, batch) =>
    Array.from({ length: 5 }, (_, index) => event('like', `w${batch}-${index}`, 'c2', '2024-10-21T10:00:00Z')),
  );
  const feeding = (async () => {
    for (const batch of batches) {
      await ingest(feeder, programId, batch);
    }
  })();
  await closeNow(books, slug, '2024-10');
  await feeding;
  await revenue(books, slug, '2024-11', '10.00');
  await closeNow(books, slug, '2024-11');
  const results = [await resultOf(books, slug, '2024-10'), await resultOf(books, slug, '2024-11')];
  const [recorded] = await books.sql<{ n: number }[]>`
    SELECT count(*)::integer AS n FROM engagement WHERE program_id = ${programId} AND viewer_id LIKE 'w%' AND gained_close > 0`;
  expect(recorded?.n).toBe(200);
  expect(results.every((text) => text.includes('"c2"'))).toBe(true);
  await feeder.end();
  await expectSound(slug);
});

it('what was approved and cannot be done fails once, however many carry it out, and is not asked for again', async () => {
  const slug = 'fails-once';
  const programId = await openPayingProgram(books, slug, { approvals: ['adjustments'] });
  for (let round = 1; round <= 4; round += 1) {
    const body = { kind: 'unclaimed', creatorId: 'c1', amount: '300', reason: 'r', reference: `r${round}` } as const;
    const asked = await adjust(books.ledger, slug, body, BY);
    if (asked.done) {
      throw new Error('no approval was needed');
    }
    const { number } = asked.request;
    const decisions = [1, 2, 3, 4].map(() => decide(books.ledger, slug, number, { isApproved: true }, OTHER));
    await Promise.all(decisions);
    const requests = await books.sql`
      SELECT status, outcome LIKE 'bad-adjustment%' AS told FROM approval_request WHERE program_id = ${programId} AND request_no >= ${number}`;
    expect(requests).toEqual([{ status: 'failed', told: true }]);
  }
});
