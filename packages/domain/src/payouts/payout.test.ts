import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PayoutParty, type PayoutTerms, payoutOf } from './payout.ts';

const terms: PayoutTerms = { minimum: 0n, roundTo: 1n, withholding: { ID: '0.1' } };
const ann: PayoutParty = { available: 0n, payee: 'Ann', taxCountry: 'ID', isOnHold: false, taxedBefore: 0n };

describe('payoutOf', () => {
  it('withholds half even, and only of what is paid beyond what was taxed before', () => {
    expect(payoutOf(terms, { ...ann, available: 285n })).toEqual({
      gross: 285n,
      taxedBefore: 0n,
      withheld: 28n, // 28.5
      net: 257n,
      reason: null,
    });
    expect(payoutOf(terms, { ...ann, available: 280n, taxedBefore: 180n })).toMatchObject({
      taxedBefore: 180n,
      withheld: 10n,
    });
    expect(payoutOf(terms, { ...ann, available: 150n, taxedBefore: 180n })).toMatchObject({
      taxedBefore: 150n,
      withheld: 0n,
      net: 150n,
    });
  });

  it('gives the first reason to wait that holds', () => {
    const nobody = { ...ann, payee: null, isOnHold: true };
    const high = { ...terms, minimum: 50n };
    expect(payoutOf(high, { ...nobody, available: -1n }).reason).toBe('not-above-zero');
    expect(payoutOf(high, { ...nobody, available: 49n }).reason).toBe('below-minimum');
    expect(payoutOf({ ...terms, roundTo: 50n }, { ...nobody, available: 49n }).reason).toBe('below-minimum');
    expect(payoutOf(high, { ...nobody, available: 50n }).reason).toBe('incomplete');
    expect(payoutOf(high, { ...ann, available: 50n, isOnHold: true }).reason).toBe('on-hold');
  });

  it('of what is paid in parts, withholds once what was taxed before, in any order', () => {
    const amounts = fc.array(fc.bigInt(1n, 1000n), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, fc.bigInt(0n, 3000n), (paid, taxed) => {
        let taxedBefore = taxed;
        let used = 0n;
        for (const available of paid) {
          const payout = payoutOf(terms, { ...ann, available, taxedBefore });
          taxedBefore -= payout.taxedBefore;
          used += payout.taxedBefore;
        }
        const all = paid.reduce((sum, amount) => sum + amount, 0n);
        expect([all, taxed]).toContain(used);
        expect(used <= all && used <= taxed).toBe(true);
        expect(taxedBefore).toBe(taxed - used);
      }),
    );
  });
});
