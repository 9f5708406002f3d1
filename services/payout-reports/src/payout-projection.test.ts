import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriesOver, type PayoutTerms, projectPayouts } from './payout-projection.ts';

const plain = { minimum: 0n, roundTo: 1n, holdbackShare: '0', holdbackPeriods: 1, withholding: {} };
const someone = { payee: 'Ann', taxCountry: 'ID' };

function termsOf(count: number, terms: Partial<PayoutTerms>): PayoutTerms[] {
  return Array.from({ length: count }, (_, index) => ({ ...plain, ...terms, closeNo: index + 1 }));
}

function project(amounts: readonly bigint[], terms: Partial<PayoutTerms>, party = someone) {
  const allocated = new Map(amounts.map((amount, index) => [index + 1, amount]));
  return [...projectPayouts(termsOf(amounts.length, terms), allocated, party)];
}

describe('projectPayouts', () => {
  it('pays what a close gave, where nothing else is said', () => {
    expect(project([500n, 0n, 7n], {})).toMatchObject([
      { gross: 500n, net: 500n, status: 'due', reason: null, carriedOut: 0n },
      { gross: 0n, status: 'waiting', reason: 'not-above-zero' },
      { gross: 7n, carriedIn: 0n },
    ]);
  });

  it('lets a balance below the minimum wait until it is reached', () => {
    expect(project([300n, 300n], { minimum: 500n })).toMatchObject([
      { gross: 0n, carriedIn: 0n, carriedOut: 300n, status: 'waiting', reason: 'below-minimum' },
      { gross: 600n, carriedIn: 300n, carriedOut: 0n, status: 'due' },
    ]);
    expect(project([500n], { minimum: 500n })).toMatchObject([{ gross: 500n, status: 'due' }]);
  });

  it('rounds down, and keeps the rest for later', () => {
    expect(project([1234n, 70n], { roundTo: 100n })).toMatchObject([
      { gross: 1200n, carriedOut: 34n },
      { gross: 100n, carriedIn: 34n, carriedOut: 4n },
    ]);
    expect(project([99n], { roundTo: 100n })).toMatchObject([{ gross: 0n, reason: 'below-minimum' }]);
  });

  it('withholds by tax country, half even to the minor unit', () => {
    const withholding = { ID: '0.025' };
    expect(project([100n, 300n, 140n], { withholding }).map((payout) => payout.withholding)).toEqual([2n, 8n, 4n]);
    expect(project([100n], { withholding }, { payee: 'Ann', taxCountry: 'MY' })).toMatchObject([
      { withholding: 0n, net: 100n },
    ]);
  });

  it('holds back a share, floored, and releases it after so many closes', () => {
    expect(project([1005n, 0n, 500n], { holdbackShare: '0.1', holdbackPeriods: 2 })).toMatchObject([
      { held: 100n, released: 0n, gross: 905n },
      { held: 0n, released: 0n, gross: 0n },
      { held: 50n, released: 100n, gross: 550n },
    ]);
  });

  it('pays a release to a creator who earned nothing at that close', () => {
    const payouts = [...projectPayouts(termsOf(2, { holdbackShare: '0.5' }), new Map([[1, 10n]]), someone)];
    expect(payouts).toMatchObject([
      { closeNo: 1, gross: 5n },
      { closeNo: 2, allocated: 0n, released: 5n, gross: 5n },
    ]);
  });

  it.each([
    { payee: null, taxCountry: 'ID' },
    { payee: 'Ann', taxCountry: null },
  ])('waits for what is missing: %j', (party) => {
    const allocated = new Map([[1, 10n]]);
    expect([...projectPayouts(termsOf(1, {}), allocated, party)]).toMatchObject([
      { gross: 10n, status: 'waiting', reason: 'incomplete' },
    ]);
  });

  it('pays or keeps every minor unit exactly once, under any rules', () => {
    const rules = fc.record({
      minimum: fc.bigInt(0n, 2000n),
      roundTo: fc.bigInt(1n, 300n),
      holdbackShare: fc.constantFrom('0', '0.1', '0.333', '1'),
      holdbackPeriods: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 5000n), { minLength: 1, maxLength: 8 }), rules, (amounts, terms) => {
        const payouts = project(amounts, terms);
        let carried = 0n;
        for (const payout of payouts) {
          expect(payout.carriedIn).toBe(carried);
          expect(payout.carriedIn + payout.allocated - payout.held + payout.released).toBe(
            payout.gross + payout.carriedOut,
          );
          expect(payout.gross % terms.roundTo).toBe(0n);
          expect(payout.gross >= 0n && payout.carriedOut >= 0n).toBe(true);
          carried = payout.carriedOut;
        }
        const sum = (pick: (payout: (typeof payouts)[number]) => bigint) =>
          payouts.reduce((total, one) => total + pick(one), 0n);
        const stillHeld = sum((one) => one.held) - sum((one) => one.released);
        expect(sum((one) => one.gross) + carried + stillHeld).toBe(amounts.reduce((total, one) => total + one, 0n));
        if (!carriesOver(termsOf(1, terms))) expect(payouts.map((one) => one.gross)).toEqual(amounts);
      }),
    );
  });
});
