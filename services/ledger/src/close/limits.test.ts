import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { canonicalPolicy, policyHash } from '@rewardbook/domain/policy/policy';
import { formatAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { adjust, bookCash } from '../adjustments/adjust.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { type Books, closeNow, openBooks, programOf, resultOf, testPolicy } from '../test-support/books.ts';
import { NOW, openProgram, revenue } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { listPeriods } from './sql/periods.ts';

// The largest values that are let in can be read, added up, closed, paid and verified; larger ones never get into the books.

const MAX_AMOUNT = `${'9'.repeat(30)}.99`;
const MAX_RATE = `${'9'.repeat(12)}.${'9'.repeat(18)}`;
const BY = { actor: actorOf('test'), now: NOW };
let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

it('many revenues of the largest size are one sum that is read, closed and verified', async () => {
  const programId = await openProgram(books, 'rich');
  for (const reference of ['a', 'b', 'c']) {
    await bookRevenue(books.ledger, 'rich', { period: '2024-10', amount: MAX_AMOUNT, reference }, BY);
  }
  const [{ booked } = { booked: null }] = await listPeriods(books.sql, programId, { after: '', limit: 1 });
  expect(booked).toBe(formatAmount(3n * (10n ** 32n - 1n) + 100_000n, currencyOf('IDR'))); // 1000.00 were booked before
  await closeNow(books, 'rich', '2024-10');
  expect(JSON.parse(await resultOf(books, 'rich', '2024-10')).revenue).toBe(booked);
  await expectVerified('rich');
});

it('a close under the largest weights and boosts comes to its end, and so do those that carry from it', async () => {
  const largest = {
    weights: { like: MAX_RATE, follow: MAX_RATE },
    boosts: [
      { name: 'all', when: { minGrowth: '0' }, multiplier: `${'9'.repeat(12)}` },
      ...Array.from({ length: 5 }, (_, index) => ({ name: `b${index}`, when: {}, multiplier: `0.${'9'.repeat(18)}` })),
    ],
  };
  const read = parsePolicy(testPolicy({ program: 'heavy', ...largest }));
  expect(read).toMatchObject({ ok: true });
  await openProgram(books, 'heavy', largest);
  await closeNow(books, 'heavy', '2024-10');
  await revenue(books, 'heavy', '2024-11', MAX_AMOUNT);
  await closeNow(books, 'heavy', '2024-11');
  await expectVerified('heavy');
});

describe('what is larger is refused by the database too', () => {
  beforeAll(async () => {
    await openProgram(books, 'guarded', { approvals: [] });
  });
  const tooLarge = `1${'0'.repeat(30)}.00`;

  it.each([
    [
      'revenue',
      () => bookRevenue(books.ledger, 'guarded', { period: '2024-10', amount: tooLarge, reference: 'r' }, BY),
    ],
    ['cash', () => bookCash(books.ledger, 'guarded', { kind: 'funding', amount: tooLarge, reference: 'c' }, BY)],
    [
      'an adjustment',
      () =>
        adjust(
          books.ledger,
          'guarded',
          { kind: 'adjustment', creatorId: 'c1', amount: tooLarge, reason: 'r', reference: 'a' },
          BY,
        ),
    ],
  ])('%s', async (_, act) => {
    await expect(act()).rejects.toThrow('given_amount_check');
  });

  it.each([
    ['a weight', { weights: { like: '1000000000000', follow: '1' } }],
    ['a weight too fine', { weights: { like: '1', follow: `0.${'0'.repeat(18)}1` } }],
    ['a boost', { boosts: [{ name: 'b', when: {}, multiplier: '1000000000000' }] }],
    ['growth', { boosts: [{ name: 'b', when: { minGrowth: '-1' }, multiplier: '1' }] }],
  ])('%s of a policy', async (_, changes) => {
    const policy = testPolicy({ program: 'guarded', ...changes });
    const { currency } = await programOf(books, 'guarded');
    await expect(
      books.sql`SELECT * FROM apply_policy('guarded', ${currency.code}, ${currency.digits}::smallint, 'UTC', 'month',
        ${canonicalPolicy(policy)}, ${policyHash(policy)}, NULL, NULL, ${actorOf('test')})`,
    ).rejects.toThrow('bad-policy');
  });
});

async function expectVerified(slug: string): Promise<void> {
  const { ok, checks } = await verifyProgram(books.ledger, await programOf(books, slug));
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
}
