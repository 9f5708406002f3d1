import { withholdingOf } from '@rewardbook/domain/payouts/payout';
import { formatScaled } from '@rewardbook/money/decimal';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveRun, draftRun, exportRun, remit, returnOne, settleRun } from '../payouts/payout-runs.ts';
import { type Books, openBooks, programOf } from '../test-support/books.ts';
import { killedAt } from '../test-support/killed-at.ts';
import { BY, balancesOf, earn, OTHER, openPayingProgram } from '../test-support/payout-books.ts';
import { verifyProgram } from './verify-program.ts';

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

/** A program with a run that is settled, a payout returned before, tax remitted, and a second draft. */
async function paidProgram(slug: string): Promise<number> {
  const payout = { minimum: '0', roundTo: '0.01', holdback: { share: '0.1', periods: 1 }, withholding: { ID: '0.1' } };
  const programId = await openPayingProgram(books, slug, { payout });
  await earn(books, slug, '2024-09');
  const run = await draftRun(books.ledger, slug, BY);
  await approveRun(books.ledger, slug, run.runId, run.contentHash, OTHER);
  await returnOne(books.ledger, slug, run.runId, { creatorId: 'c2', reason: 'closed' }, BY);
  await exportRun(books.ledger, slug, run.runId, BY);
  await settleRun(books.ledger, slug, run.runId, 'b', BY);
  await remit(books.ledger, slug, { country: 'ID', reference: 't' }, BY);
  await earn(books, slug, '2024-10');
  await draftRun(books.ledger, slug, BY);
  return programId;
}

const broken = async (slug: string): Promise<string[]> => {
  const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
  return checks.filter(({ ok }) => !ok).map(({ check }) => check);
};

describe('verify', () => {
  it('finds nothing wrong, and says how much it looked at', async () => {
    await paidProgram('sound');
    const { ok, checks } = await verifyProgram(books.ledger, await programOf(books, 'sound'));
    expect(ok).toBe(true);
    const counted = new Map(checks.map(({ check, checked }) => [check, checked]));
    expect(counted.get('payout runs: amounts and reasons by the policy')).toBeGreaterThan(6);
    expect(counted.get('payouts: nobody paid twice or more than there was')).toBe(3);
    expect(counted.get('holdbacks: by the policy, each released once')).toBe(8);
  });

  const planted: [string, string, string][] = [
    [
      'a changed amount in a run',
      `UPDATE payout SET available = available + 1, gross = gross + 1, net = net + 1 WHERE program_id = $1 AND creator_id = 'c1' AND run_no = 1`,
      'payout runs: amounts and reasons by the policy',
    ],
    [
      'another payee in a run',
      `UPDATE payout SET payee = 'Mallory' WHERE program_id = $1 AND creator_id = 'c1' AND run_no = 1`,
      'payout runs: what was approved, by its hash',
    ],
    [
      'a run without its entry',
      `UPDATE payout_run SET entry_key = NULL, status = 'draft' WHERE program_id = $1 AND run_no = 1`,
      'payouts: nobody paid twice or more than there was',
    ],
    [
      'another amount settled',
      `UPDATE payout_run SET settled = settled - 1 WHERE program_id = $1 AND run_no = 1`,
      'payouts: clearing has what is not settled or returned',
    ],
    ['a lost return', `DELETE FROM payout_return WHERE program_id = $1`, 'payouts: returns whole, tax as withheld'],
    [
      'a lost remittance',
      `DELETE FROM tax_remittance WHERE program_id = $1`,
      'payouts: returns whole, tax as withheld',
    ],
    [
      'another holdback',
      `UPDATE holdback SET amount = amount + 1 WHERE program_id = $1 AND creator_id = 'c1' AND close_no = 1`,
      'holdbacks: by the policy, each released once',
    ],
    [
      'a holdback that is kept for less',
      `UPDATE holdback SET kept = kept - 1 WHERE program_id = $1 AND creator_id = 'c1' AND close_no = 2`,
      'holdbacks: by the policy, each released once',
    ],
    [
      'a holdback that is gone',
      `DELETE FROM holdback WHERE program_id = $1 AND creator_id = 'c1' AND close_no = 1`,
      'holdbacks: by the policy, each released once',
    ],
    [
      'a return that was taxed, and says that it was not',
      `UPDATE payout_return SET taxed = taxed + 1 WHERE program_id = $1`,
      'payouts: returns whole, tax as withheld',
    ],
    [
      'a payout of which less is taxed than should be',
      `UPDATE payout SET taxed_before = 1 WHERE program_id = $1 AND creator_id = 'c1' AND run_no = 1`,
      'payout runs: amounts and reasons by the policy',
    ],
    [
      'a decision that is gone',
      `DELETE FROM payout_decision WHERE program_id = $1 AND decision = 'approve'`,
      'decisions: logged, by two where needed',
    ],
    [
      'a run that was drafted before a close, and approved after it',
      `UPDATE payout_run SET drafted_seq = 1 WHERE program_id = $1 AND run_no = 1`,
      'decisions: logged, by two where needed',
    ],
    [
      'somebody who approved their own draft',
      `UPDATE payout_run SET drafted_by = approved_by WHERE program_id = $1 AND run_no = 1`,
      'decisions: logged, by two where needed',
    ],
  ];
  it.each(planted)('sees %s', async (what, change, check) => {
    const slug = `planted-${planted.findIndex(([name]) => name === what)}`;
    const programId = await paidProgram(slug);
    await books.owner.unsafe(change, [programId]);
    expect(await broken(slug)).toContain(check);
  });
});

it('withholding in SQL is the half-even rule of the domain, for any amount and rate', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.bigInt({ min: 0n, max: 10n ** 6n }),
      fc.constantFrom(0, 2, 3),
      async (minor, millionths, digits) => {
        const rate = formatScaled(millionths, 6);
        const [row] = await books.owner<{ withheld: string }[]>`
          SELECT round_half_even(${formatScaled(minor, digits)}::numeric * ${rate}::numeric, ${digits})::text AS withheld`;
        const expected = formatScaled(withholdingOf(minor, rate), digits);
        expect(formatScaled(BigInt((row?.withheld ?? '').replace('.', '')), digits)).toBe(expected);
      },
    ),
    { numRuns: 300 },
  );
});

describe('an approval whose backend is killed in the middle', () => {
  it.each(['posting_line', 'posting_sheet', 'journal_entry', 'payout_run', 'payout_decision'])(
    'at its write to %s has no effect, and one when it is given again',
    async (table) => {
      const slug = `killed-${table}`.replaceAll('_', '-');
      const programId = await openPayingProgram(books, slug);
      await earn(books, slug, '2024-10');
      const run = await draftRun(books.ledger, slug, BY);
      const before = await balancesOf(books, programId);
      const approving = killedAt(books.owner, table, () =>
        approveRun(books.ledger, slug, run.runId, run.contentHash, OTHER),
      );
      await expect(approving).rejects.toThrow();
      expect(await balancesOf(books, programId)).toEqual(before);
      const approved = await approveRun(books.ledger, slug, run.runId, run.contentHash, OTHER);
      expect(approved).toMatchObject({ status: 'approved', repeated: false });
      expect(await broken(slug)).toEqual([]);
    },
  );
});

describe('at the same time', () => {
  it('two approvals of a run have one effect; of two drafts of one balance one is refused', async () => {
    const programId = await openPayingProgram(books, 'at-once');
    await earn(books, 'at-once', '2024-10');
    const [mine, theirs] = await Promise.all([
      draftRun(books.ledger, 'at-once', BY),
      draftRun(books.ledger, 'at-once', OTHER),
    ]);
    const approve = (run: typeof mine, by: typeof BY) =>
      approveRun(books.ledger, 'at-once', run.runId, run.contentHash, by);
    const outcomes = await Promise.allSettled([
      approve(mine, OTHER),
      approve(mine, OTHER),
      approve(theirs, BY),
      approve(theirs, BY),
    ]);
    const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(done.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
    expect(await balancesOf(books, programId, 'payouts')).toEqual({ 'payouts:clearing': '-600.00' });
    expect(await broken('at-once')).toEqual([]);
  });
});
