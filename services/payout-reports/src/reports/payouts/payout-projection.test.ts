import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CloseFlow, type CloseTerms, projectPayouts, sumOfFlow } from './payout-projection.ts';

const plain = { minimum: 0n, roundTo: 1n, withholding: {} };
const someone = { payee: 'Ann', taxCountry: 'ID', isOnHold: false, available: 0n, taxedBefore: 0n };
const nothing: CloseFlow = { allocated: 0n, adjustment: 0n, held: 0n, released: 0n, returned: 0n };

function termsOf(count: number, terms: Partial<CloseTerms>): CloseTerms[] {
  return Array.from({ length: count }, (_, index) => ({ ...plain, ...terms, closeNo: index + 1 }));
}

function project(amounts: readonly bigint[], terms: Partial<CloseTerms>, party = someone) {
  const flows = new Map(amounts.map((allocated, index) => [index + 1, { ...nothing, allocated }]));
  return [...projectPayouts(termsOf(amounts.length, terms), flows, party)];
}

describe('projectPayouts', () => {
  it('pays what a close gave, if no rule says otherwise', () => {
    expect(project([500n, 0n, 7n], {})).toMatchObject([
      { gross: 500n, net: 500n, reason: null, carriedOut: 0n },
      { gross: 0n, reason: 'not-above-zero' },
      { gross: 7n, carriedIn: 0n },
    ]);
  });

  it('lets a balance below the minimum wait until it is reached', () => {
    expect(project([300n, 300n], { minimum: 500n })).toMatchObject([
      { gross: 0n, carriedIn: 0n, carriedOut: 300n, reason: 'below-minimum' },
      { gross: 600n, carriedIn: 300n, carriedOut: 0n, reason: null },
    ]);
    expect(project([500n], { minimum: 500n })).toMatchObject([{ gross: 500n, reason: null }]);
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
    expect(project([100n, 300n, 140n], { withholding }).map((payout) => payout.withheld)).toEqual([2n, 8n, 4n]);
    expect(project([100n], { withholding }, { ...someone, taxCountry: 'MY' })).toMatchObject([
      { withheld: 0n, net: 100n },
    ]);
  });

  it('begins with what was left before, even a debt', () => {
    expect(project([10n, 10n], {}, { ...someone, available: -15n })).toMatchObject([
      { carriedIn: -15n, gross: 0n, carriedOut: -5n, reason: 'not-above-zero' },
      { carriedIn: -5n, gross: 5n, carriedOut: 0n },
    ]);
  });

  it('has every creator with a balance, also those who get nothing from the close', () => {
    const left = (available: bigint, terms: Partial<CloseTerms> = {}) => [
      ...projectPayouts(termsOf(2, terms), new Map(), { ...someone, available }),
    ];
    expect(left(5n)).toMatchObject([{ allocated: 0n, gross: 5n, carriedOut: 0n }]);
    const owing = { gross: 0n, carriedIn: -5n, carriedOut: -5n, reason: 'not-above-zero' };
    expect(left(-5n)).toMatchObject([owing, owing]);
    const small = { gross: 0n, carriedIn: 5n, carriedOut: 5n, reason: 'below-minimum' };
    expect(left(5n, { minimum: 10n })).toMatchObject([small, small]);
    expect(left(0n)).toEqual([]);
  });

  it('withholds of what is paid beyond what was taxed before, which is used up once', () => {
    const party = { ...someone, available: 180n, taxedBefore: 180n };
    expect(project([0n, 100n], { minimum: 200n, withholding: { ID: '0.1' } }, party)).toMatchObject([
      { gross: 0n, taxedBefore: 0n, withheld: 0n },
      { gross: 280n, taxedBefore: 180n, withheld: 10n, net: 270n },
    ]);
    expect(project([20n, 100n], { roundTo: 50n, withholding: { ID: '0.1' } }, party)).toMatchObject([
      { gross: 200n, taxedBefore: 180n, withheld: 2n },
      { gross: 100n, taxedBefore: 0n, withheld: 10n },
    ]);
  });

  it.each([
    { ...someone, payee: null, reason: 'incomplete' },
    { ...someone, taxCountry: null, reason: 'incomplete' },
    { ...someone, isOnHold: true, reason: 'on-hold' },
  ])('waits: $payee, $taxCountry, $reason', ({ reason, ...party }) => {
    const flows = new Map([[1, { ...nothing, allocated: 10n }]]);
    expect([...projectPayouts(termsOf(1, {}), flows, party)]).toMatchObject([{ gross: 10n, reason }]);
  });

  it('pays or keeps every minor unit exactly once, under any rules', () => {
    const rules = fc.record({ minimum: fc.bigInt(0n, 2000n), roundTo: fc.bigInt(1n, 300n) });
    const amount = fc.bigInt(0n, 5000n);
    const flow = fc.record({
      allocated: amount,
      adjustment: fc.bigInt(-3000n, 3000n),
      held: amount,
      released: amount,
      returned: amount,
    });
    fc.assert(
      fc.property(
        fc.array(flow, { minLength: 1, maxLength: 8 }),
        rules,
        fc.bigInt(-999n, 999n),
        (flows, terms, start) => {
          const byClose = new Map(flows.map((one, index) => [index + 1, one]));
          const payouts = [...projectPayouts(termsOf(flows.length, terms), byClose, { ...someone, available: start })];
          let carried = start;
          for (const payout of payouts) {
            expect(payout.carriedIn).toBe(carried);
            expect(payout.carriedIn + sumOfFlow(payout)).toBe(payout.gross + payout.carriedOut);
            expect(payout.gross % terms.roundTo).toBe(0n);
            expect(payout.gross >= 0n).toBe(true);
            carried = payout.carriedOut;
          }
          const paid = payouts.reduce((total, one) => total + one.gross, 0n);
          expect(paid + carried).toBe(flows.reduce((total, one) => total + sumOfFlow(one), start));
        },
      ),
    );
  });
});
