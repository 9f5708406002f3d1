import { findClose } from '@rewardbook/db/books/closes';
import { payableAccount } from '@rewardbook/domain/books/account';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Books, begin, openBooks, programOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { closePeriod } from './close-period.ts';
import { computeClose } from './compute/compute-close.ts';
import { planBegunClose } from './compute/plan-close.ts';
import { withAttempt } from './sql/attempts.ts';
import { type CommitCloseCall, commitClose } from './sql/commit.ts';
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
  const row = await findClose(books.sql, programId, PERIOD);
  if (row === undefined) {
    throw new Error('the close was not begun');
  }
  const plan = await planBegunClose(books.ledger, program, row);
  const { ledger } = books;
  return withAttempt(ledger.openConnection, { programId, closeNo: plan.closeNo, parts: 1 }, async (attemptId) =>
    stageClose(
      ledger,
      plan,
      attemptId,
      await computeClose(ledger, plan, { attemptId, foldConnections: [ledger.slowSql] }),
    ),
  );
}

describe('a close is not committed that', () => {
  it('has other allocations than were staged: more money, or fewer rows', async () => {
    for (const change of [
      "UPDATE allocation SET amount = amount + 0.01 WHERE creator_id = 'c1'",
      "DELETE FROM allocation WHERE creator_id = 'c2'",
    ]) {
      const call = await staged();
      await books.owner.unsafe(`${change} AND attempt_id = ${call.attemptId}`);
      await expect(commitClose(books.sql, call)).rejects.toThrow('are staged for 2024-10');
      expect(await findClose(books.sql, programId, PERIOD)).toMatchObject({ status: 'closing' });
    }
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

it('accounts of creators have the same codes in SQL as in TypeScript', async () => {
  for (const creatorId of ['Zoë 100%', "a:b(c)'!*", 'поза', '𝒳\u00ad~', 'plain_id-1.2~']) {
    const [row] = await books.sql`SELECT payable_account(${creatorId}) AS account`;
    expect(row?.account).toBe(payableAccount(creatorId));
  }
});

it('what was staged as it was computed is committed', async () => {
  await closePeriod(books.ledger, { program: SLUG, period: PERIOD });
  await books.sql`SELECT sweep_attempts(interval '0')`;
  const { checks } = await verifyProgram(books.ledger, await programOf(books, SLUG));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});
