import type { Sql } from '@rewardbook/db/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAttempt } from '../store/attempt-store.ts';
import { beginEntry, type CommitCloseCall, commitClose, stagePostings } from '../store/entry-store.ts';
import { findPeriod } from '../store/period-store.ts';
import { type Books, begin, openBooks, programOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { closePeriod } from './close-period.ts';
import { computeClose } from './compute-close.ts';
import { planClose } from './plan-close.ts';
import { stageClose } from './stage-close.ts';

// The commit of a close does not take its caller's word for what was staged: each test changes that behind its back.

const SLUG = 'staged';
const PERIOD = '2024-10';
let books: Books;
let programId: number;

beforeAll(async () => {
  books = await openBooks();
  programId = await openProgram(books, SLUG);
  await begin(books, await programOf(books, SLUG), PERIOD);
});
afterAll(() => books.close());

/** All of a close but the call that makes it good. */
async function staged(): Promise<CommitCloseCall> {
  const program = await programOf(books, SLUG);
  const row = await findPeriod(books.sql, programId, PERIOD);
  if (row === undefined) throw new Error('the close was not begun');
  const plan = await planClose(books.ledger, program, row);
  const { ledger } = books;
  return withAttempt(ledger.openConnection, { programId, closeNo: plan.closeNo, parts: 1 }, async (foldId) =>
    stageClose(ledger, plan, foldId, await computeClose(ledger, plan, { foldId, folders: [ledger.slowSql] })),
  );
}

describe('a close is not committed where its entry', () => {
  const move = (sql: Sql, { entryId }: CommitCloseCall, creatorId: string, amount: string) =>
    sql`UPDATE posting SET amount = amount + ${amount}::numeric WHERE entry_id = ${entryId}::bigint AND creator_id = ${creatorId}`;
  const changes: [string, (sql: Sql, call: CommitCloseCall) => Promise<unknown>, string][] = [
    [
      'gives a creator what is allocated to another',
      async (sql, call) => {
        await move(sql, call, 'c1', '-0.01');
        await move(sql, call, 'c2', '0.01');
      },
      'creator c1 is allocated',
    ],
    [
      'gives to a creator who is allocated nothing',
      (sql, { entryId }) =>
        sql`UPDATE posting SET creator_id = 'thief' WHERE entry_id = ${entryId}::bigint AND creator_id = 'c1'`,
      'creator c1 is allocated',
    ],
    [
      'gives one twice and another nothing',
      async (sql, { entryId }) => {
        await sql`UPDATE posting SET creator_id = 'c2' WHERE entry_id = ${entryId}::bigint AND creator_id = 'c1'`;
      },
      'creator c1 is allocated',
    ],
    [
      'gives into another account than what may be paid',
      (sql, { entryId }) =>
        sql`UPDATE posting SET account = 'creator:c1:held' WHERE entry_id = ${entryId}::bigint AND creator_id = 'c1'`,
      'creator c1 is allocated',
    ],
    [
      'takes the money from elsewhere',
      (sql, { entryId }) =>
        sql`UPDATE posting SET account = 'platform:cash' WHERE entry_id = ${entryId}::bigint AND account = 'platform:rewards-expense'`,
      'platform:cash is moved by',
    ],
  ];
  it.each(changes)('%s', async (_what, change, message) => {
    const call = await staged();
    await change(books.owner, call);
    await expect(commitClose(books.sql, call)).rejects.toThrow(message);
    expect(await findPeriod(books.sql, programId, PERIOD)).toMatchObject({ status: 'closing' });
  });

  it('funds the pool with another share of the revenue than the policy says', async () => {
    const call = await staged();
    await expect(commitClose(books.sql, { ...call, revenueCarriedOut: '-1.00' })).rejects.toThrow('does not fund');
  });

  it('says another result or policy than the period would', async () => {
    const call = await staged();
    for (const other of [
      { resultHash: '0'.repeat(64) },
      { policyHash: '0'.repeat(64) },
      { details: '{"period":"2024-10"}' },
    ]) {
      await expect(commitClose(books.sql, { ...call, ...other })).rejects.toThrow('details of the entry');
    }
  });
});

describe('nothing is staged for an entry that', () => {
  it.each([
    ['is in the account of another creator', 'creator:c2:payable', 'c1', '-1.00'],
    ["is a creator's and said to be the platform's", 'creator:c2:payable', '', '-1.00'],
    ["is the platform's and said to be a creator's", 'platform:cash', 'c1', '-1.00'],
    ['has more decimals than the currency', 'creator:c1:payable', 'c1', '-1.001'],
    ['is no number', 'creator:c1:payable', 'c1', 'NaN'],
  ])('%s', async (_what, account, creatorId, amount) => {
    const entryId = await beginEntry(books.sql, programId, '0');
    const staging = stagePostings(books.sql, programId, entryId, 1, [{ account, creatorId, amount }]);
    await expect(staging).rejects.toThrow('is not that creator');
  });

  it("has an id that account codes encode: it is taken under TypeScript's and SQL's same code", async () => {
    const entryId = await beginEntry(books.sql, programId, '0');
    const ids = ['Zoë 100%', "a:b(c)'!*", 'поза', '𝒳\u00ad~'];
    const postings = ids.map((creatorId) => ({
      account: `creator:${encodeURIComponent(creatorId)}:payable`,
      creatorId,
      amount: '1',
    }));
    await stagePostings(books.sql, programId, entryId, 1, postings);
  });
});

it('what was staged as it was computed is committed', async () => {
  await closePeriod(books.ledger, { program: SLUG, period: PERIOD });
  await books.sql`SELECT sweep_attempts(interval '0')`;
  const { checks } = await verifyProgram(books.ledger, await programOf(books, SLUG));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});
