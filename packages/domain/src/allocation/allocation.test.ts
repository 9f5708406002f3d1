import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AllocationPolicy } from '../policy/policy.ts';
import { integerRoot } from '../values/integer-root.ts';
import { proRata, squareRoot } from './allocation.ts';
import { closeOfPairs, type Pair, weightsOf } from './test-pairs.ts';

it.each([
  ['whole points are their own weights', [3n, 10n], 0, [3n, 10n]],
  ['the smallest power of ten that makes all whole', [150n, 300n], 2, [15n, 30n]],
  ['whole after all: not scaled', [100n, 2000n], 2, [1n, 20n]],
  ['never scaled down below whole points', [10n, 20n], 0, [10n, 20n]],
  ['one with all decimals decides', [125n, 3000n], 3, [125n, 3000n]],
  ['nobody', [], 3, []],
])('pro-rata weights: %s', (_name, points, scale, weights) => {
  expect(proRata(points, scale)).toEqual(weights);
});

describe('square-root: isqrt(floor(points × 10^24))', () => {
  it.each([
    ['4 is 2 × 10^12', 4n, 0, 2_000_000_000_000n],
    ['2, cut off', 2n, 0, 1_414_213_562_373n],
    ['0.25 is 0.5 × 10^12', 25n, 2, 500_000_000_000n],
    ['more than 24 decimals are cut off before the root', 3n * 10n ** 6n + 999_999n, 30, 1n],
  ])('%s', (_name, points, scale, weight) => {
    expect(squareRoot([points], scale)).toEqual([weight]);
  });

  it('whole roots are exact at any size', () => {
    const value = fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(0n, 10n ** 40n), fc.bigInt(0n, 10n ** 400n));
    fc.assert(
      fc.property(value, (n) => {
        const root = integerRoot(n);
        expect(root * root <= n && n < (root + 1n) * (root + 1n)).toBe(true);
        expect(integerRoot(n * n)).toBe(n);
      }),
      { numRuns: 300 },
    );
    expect(() => integerRoot(-1n)).toThrow(RangeError);
  });
});

describe('weights of a close', () => {
  // a has 6 points of two viewers, b 2 of one of them, c 1 of a third.
  const pairs: Pair[] = [
    ['v1', 'a', 4],
    ['v1', 'b', 2],
    ['v2', 'a', 2],
    ['v3', 'c', 1],
  ];
  const E18 = 10n ** 18n;
  const third = E18 / 3n;

  it.each<[AllocationPolicy, bigint[]]>([
    [{ method: 'pro-rata' }, [6n, 2n, 1n]],
    [{ method: 'user-centric' }, [2n * third + 1n + E18, third, E18]],
    [{ method: 'engaged-equal' }, [E18 / 2n + E18, E18 / 2n, E18]],
    [{ method: 'equal' }, [1n, 1n, 1n]],
    [{ method: 'square-root' }, [2_449_489_742_783n, 1_414_213_562_373n, 10n ** 12n]],
  ])('%o', (allocation, weights) => {
    expect([...weightsOf(pairs, { allocation }).values()]).toEqual(weights);
  });

  it('blend is λ of the pro-rata split of 10^18 and the rest of the user-centric one, in whole numbers', () => {
    const first = [(6n * E18) / 9n + 1n, (2n * E18) / 9n, E18 / 9n]; // a has the largest remainder
    const second = [(5n * E18) / 9n, E18 / 9n, E18 / 3n];
    const left = E18 - second.reduce((sum, part) => sum + part, 0n);
    expect(left).toBe(1n);
    const blended = weightsOf(pairs, { allocation: { method: 'blend', lambda: '0.25' } });
    const [a = 0n, b = 0n, c = 0n] = [...blended.values()];
    expect(a + b + c).toBe(100n * E18);
    for (const [index, weight] of [a, b, c].entries()) {
      const rest = weight - 25n * (first[index] ?? 0n);
      expect(rest % 75n).toBe(0n);
      expect([0n, 1n]).toContain(rest / 75n - (second[index] ?? 0n));
    }
    const only = (lambda: string) => [...weightsOf(pairs, { allocation: { method: 'blend', lambda } }).values()];
    expect(only('1')).toEqual(first);
    expect(only('0').reduce((sum, weight) => sum + weight, 0n)).toBe(E18);
  });

  it('blend without lambda is refused', () => {
    expect(() => closeOfPairs(pairs, { allocation: { method: 'blend' } })).toThrow(
      expect.objectContaining({ code: 'bad-policy' }),
    );
  });
});
