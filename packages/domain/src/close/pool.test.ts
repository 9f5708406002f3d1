import { describe, expect, it } from 'vitest';
import { shareOf } from '../values/share-of.ts';
import { type PoolInput, poolOf } from './pool.ts';

const pool = (input: Partial<PoolInput>) =>
  poolOf({ revenueEntries: 0n, negativeRevenueCarriedIn: 0n, rolledOver: 0n, revenueShare: '0.05', ...input });

describe('funded = floor(max(0, revenue) × share) to the minor unit', () => {
  it.each([
    [1000n, '0.05', 50n],
    [1019n, '0.05', 50n],
    [1n, '0.999999999999999999999999999999', 0n],
    [1000n, '0', 0n],
    [1000n, '1', 1000n],
    [123456789012345678901234567890n, '0.05', 6172839450617283945061728394n],
  ])('%s × %s = %s', (amount, share, funded) => {
    expect(pool({ revenueEntries: amount, revenueShare: share }).funded).toBe(funded);
    expect(shareOf(amount, share)).toBe(funded);
  });

  it('negative revenue funds nothing and is carried out', () => {
    expect(pool({ revenueEntries: -1000n })).toMatchObject({ funded: 0n, negativeRevenueCarriedOut: -1000n });
  });

  it('revenue is the entries and the negative sum carried in', () => {
    expect(pool({ revenueEntries: 1500n, negativeRevenueCarriedIn: -500n })).toMatchObject({
      revenue: 1000n,
      funded: 50n,
      negativeRevenueCarriedOut: 0n,
    });
    expect(pool({ revenueEntries: 100n, negativeRevenueCarriedIn: -500n })).toMatchObject({
      revenue: -400n,
      funded: 0n,
      negativeRevenueCarriedOut: -400n,
    });
  });

  it('the pool is what is funded and what rolled over', () => {
    expect(pool({ revenueEntries: 1000n, rolledOver: 7n }).pool).toBe(57n);
    expect(pool({ revenueEntries: -1000n, rolledOver: 7n }).pool).toBe(7n);
  });
});
