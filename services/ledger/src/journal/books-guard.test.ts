import { policyHash } from '@rewardbook/domain/policy/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { withAttempt } from '../close/sql/attempts.ts';
import { beginClose } from '../close/sql/periods.ts';
import { bookRevenue } from '../revenue/sql.ts';
import { type Books, closeNow, openBooks, programOf, testPolicy } from '../test-support/books.ts';
import { openProgram, revenue } from '../test-support/scenario.ts';

// What the books refuse to take from the services' role, by whatever mistake it is given.

const SLUG = 'guarded';
const NOVEMBER = {
  period: '2024-11',
  startsAt: Date.parse('2024-11-01T00:00:00Z'),
  endsAt: Date.parse('2024-12-01T00:00:00Z'),
};
let books: Books;
let programId: number;

beforeAll(async () => {
  books = await openBooks();
  programId = await openProgram(books, SLUG);
  await closeNow(books, SLUG, '2024-10');
  await revenue(books, SLUG, '2024-11', '10.00');
});
afterAll(() => books.close());

it('a close begins where the one before ended: no instant lies between them or in both', async () => {
  const call = { ...NOVEMBER, programId, previous: '2024-10', actor: actorOf('test') };
  for (const startsAt of [NOVEMBER.startsAt - 3_600_000, NOVEMBER.startsAt + 3_600_000]) {
    await expect(beginClose(books.sql, { ...call, startsAt })).rejects.toMatchObject({ code: 'close-out-of-order' });
  }
});

describe('once a close has begun', () => {
  beforeAll(() => beginClose(books.sql, { ...NOVEMBER, programId, previous: '2024-10', actor: actorOf('test') }));

  const OCTOBER = Date.parse('2024-10-01T00:00:00Z');
  const fold = (
    attemptId: string,
    {
      close = 2,
      end = NOVEMBER.endsAt,
      part = 0,
      parts = 2,
      first = OCTOBER,
      late = OCTOBER,
      blocked = [] as string[],
      perPair = 2 as number | null,
    } = {},
  ) =>
    books.sql`SELECT * FROM fold_events(jsonb_populate_record(NULL::fold_terms, ${books.sql.json({
      program_id: programId,
      close_no: close,
      attempt_id: attemptId,
      starts_at: NOVEMBER.startsAt,
      ends_at: end,
      first_start: first,
      late_before: late,
      creators_version: 1,
      blocked_viewers: blocked,
      blocked_creators: [],
      max_likes_per_pair: perPair,
      period_bounds: [OCTOBER, NOVEMBER.startsAt, NOVEMBER.endsAt],
      part,
      parts,
    })}))`;

  it('an attempt folds its own period, in its own parts, each once', async () => {
    await withAttempt(books.ledger.openConnection, { programId, closeNo: 2, parts: 2 }, async (attemptId) => {
      for (const other of [{ close: 1 }, { end: NOVEMBER.endsAt - 1 }, { part: 2 }, { part: -1 }, { parts: 3 }]) {
        await expect(fold(attemptId, other)).rejects.toThrow('is not one of attempt');
      }
      // By the terms of its policy: no limit is left out, nobody blocked or let off, nothing earns that was there before.
      for (const other of [{ perPair: null }, { perPair: 3 }, { blocked: ['c1'] }, { first: 0 }, { late: 0 }]) {
        await expect(fold(attemptId, other)).rejects.toThrow('by the terms of its policy');
      }
      await fold(attemptId, { part: 0 });
      await fold(attemptId, { part: 1 });
      await expect(fold(attemptId, { part: 1 })).rejects.toThrow('attempt_part_pkey');
    });
  });
});

it('an entry has its details as canonical JSON, and amounts with the decimals of the currency', async () => {
  const booking = {
    startsAt: NOVEMBER.endsAt,
    period: '2024-12',
    programId,
    effectiveAt: '2024-12-01',
    reference: 'r',
    corrects: null,
    actor: actorOf('test'),
  };
  await expect(bookRevenue(books.sql, { ...booking, amount: '1.001' })).rejects.toThrow('decimals');
  for (const amount of ['NaN', 'Infinity', '-1e30']) {
    await expect(bookRevenue(books.sql, { ...booking, amount })).rejects.toThrow('given_amount');
  }
  expect(await books.sql`SELECT 1 FROM revenue WHERE reference = 'r'`).toHaveLength(0);
  await bookRevenue(books.sql, { ...booking, amount: '1' });
  const [entry] = await books.sql`
    SELECT details, amount::text FROM journal_entry JOIN posting USING (program_id, entry_id)
    WHERE program_id = ${programId} AND entry_key = 'revenue:r' ORDER BY line`;
  expect(entry).toEqual({ details: '{"period":"2024-12","reference":"r"}', amount: '1.00' });
});

it('a policy is stored under its own hash', async () => {
  const { currency } = await programOf(books, SLUG);
  const policy = testPolicy({ program: SLUG, name: 'Other' });
  const apply = (text: string) =>
    books.sql`SELECT * FROM apply_policy(${SLUG}, ${currency.code}, ${currency.digits}::smallint, 'UTC', 'month', ${text},
                ${policyHash(policy)}, '2025-06', 0, ${actorOf('test')})`;
  await expect(apply(JSON.stringify({ ...policy, revenueShare: '1' }))).rejects.toThrow('is not what its hash');
});
