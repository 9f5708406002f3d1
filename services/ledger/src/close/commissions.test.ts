import type { CommissionPayer, Policy } from '@rewardbook/domain/policy/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCreators } from '../creators/import-creators.ts';
import { proofs } from '../proofs/read-proof.ts';
import { type Books, openBooks, programOf, resultOf } from '../test-support/books.ts';
import { registered } from '../test-support/game.ts';
import { balancesOf, earn, linesOf, openPayingProgram } from '../test-support/payout-books.ts';
import { verifyProgram } from '../verify/verify-program.ts';

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

const EARNERS = [
  { creatorId: 'c1', likes: 3 },
  { creatorId: 'c2', likes: 1 },
];
const scouts = (paidBy: CommissionPayer): Pick<Policy, 'scouts'> => ({ scouts: { share: '0.1', periods: 2, paidBy } });

async function scout(slug: string, creatorId: string, scoutId: string, scoutedOn: string): Promise<void> {
  await importCreators(books.ledger, slug, [{ ...registered(creatorId, 'ID'), scoutId, scoutedOn }]);
}

async function expectSound(slug: string): Promise<void> {
  const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

describe('commissions of a close', () => {
  it('paid by the platform: to whoever scouted, in the first periods, in the entry, the result and the proofs', async () => {
    const programId = await openPayingProgram(books, 'platform', scouts('platform'), EARNERS);
    await scout('platform', 'c1', 'agent', '2024-07-31');
    await scout('platform', 'c2', 'c1', '2024-08-15');
    for (const period of ['2024-08', '2024-09', '2024-10'] as const) {
      await earn(books, 'platform', period, EARNERS);
    }
    expect((await linesOf(books, programId, 'close:2024-08')).slice(-4)).toEqual([
      'platform:rewards-expense 30.00',
      'creator:agent:payable -30.00',
      'platform:rewards-expense 10.00',
      'creator:c1:payable -10.00',
    ]);
    expect(JSON.parse(await resultOf(books, 'platform', '2024-08'))).toMatchObject({
      allocated: '400.00',
      commissions: [
        { scoutId: 'agent', creatorId: 'c1', amount: '30.00' },
        { scoutId: 'c1', creatorId: 'c2', amount: '10.00' },
      ],
    });
    expect(JSON.parse(await resultOf(books, 'platform', '2024-09'))).toMatchObject({
      commissions: [{ scoutId: 'c1', creatorId: 'c2', amount: '10.00' }],
    });
    expect(JSON.parse(await resultOf(books, 'platform', '2024-10'))).toMatchObject({ commissions: [] });
    expect(await balancesOf(books, programId, 'creator:agent')).toEqual({ 'creator:agent:payable': '-30.00' });
    await expectSound('platform');
  });

  it('paid by the creator: holdbacks are of what is left, and of what scouts get', async () => {
    const payout = { minimum: '0', roundTo: '0.01', holdback: { share: '0.5', periods: 1 }, withholding: {} };
    const programId = await openPayingProgram(books, 'creator', { ...scouts('creator'), payout }, EARNERS);
    await scout('creator', 'c1', 'c2', '2024-08-01');
    await earn(books, 'creator', '2024-08', EARNERS);
    expect((await linesOf(books, programId, 'close:2024-08')).slice(-2)).toEqual([
      'creator:c1:payable 30.00',
      'creator:c2:payable -30.00',
    ]);
    expect(await linesOf(books, programId, 'holdback:2024-08')).toEqual([
      'creator:c1:payable 135.00',
      'creator:c1:held -135.00',
      'creator:c2:payable 65.00',
      'creator:c2:held -65.00',
    ]);
    const proof = await proofs(books.ledger)('creator', '2024-08', 'c1');
    expect(proof).toMatchObject({ amount: '270.00' });
    await expectSound('creator');
  });

  it('are derived again: one that was changed in the database is found', async () => {
    await openPayingProgram(books, 'changed', scouts('platform'), EARNERS);
    await scout('changed', 'c1', 'agent', '2024-08-31');
    await earn(books, 'changed', '2024-08', EARNERS);
    const { programId } = await programOf(books, 'changed');
    await books.owner`UPDATE commission SET amount = 29 WHERE program_id = ${programId}`;
    const { checks } = await verifyProgram(books.ledger, await programOf(books, 'changed'));
    expect(checks.filter(({ ok }) => !ok).map(({ check }) => check)).toContain(
      'closes: allocations derived again from the events',
    );
  });
});

describe('a scout', () => {
  it('never changes once it is known; an import that names none leaves it', async () => {
    await openPayingProgram(books, 'kept', {}, EARNERS);
    await scout('kept', 'c1', 'agent', '2024-08-01');
    await expect(scout('kept', 'c1', 'other', '2024-08-01')).rejects.toMatchObject({ code: 'scout-changed' });
    await expect(scout('kept', 'c1', 'agent', '2024-08-02')).rejects.toThrow(/was scouted by agent on 2024-08-01/);
    const again = await importCreators(books.ledger, 'kept', [{ ...registered('c1', 'ID'), country: 'BR' }]);
    expect(again).toMatchObject({ changed: 1 });
    await scout('kept', 'c1', 'agent', '2024-08-01');
  });
});
