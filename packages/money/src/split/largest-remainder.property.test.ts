import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../decimal.ts';
import { splitByLargestRemainder, splitCapped } from './largest-remainder.ts';
import { splitBySorting } from './sorted-split.ts';

const pools = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }),
  fc.bigInt({ min: 0n, max: 10n ** 12n }),
  fc.bigInt({ min: 0n, max: 10n ** 30n }),
);
const weight = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 0n, max: 9n }),
  fc.bigInt({ min: 0n, max: 2n ** 53n }),
  fc.bigInt({ min: 0n, max: 2n ** 100n }),
);
const someWeights = fc.array(weight, { maxLength: 30 });
const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** The rule of the domain in decimal.js, word by word. */
function splitByDecimals(pool: bigint, weights: readonly bigint[]): string[] {
  const sum = weights.reduce((acc, w) => acc.plus(w.toString()), new Decimal(0));
  if (sum.isZero()) {
    return weights.map(() => '0');
  }
  const products = weights.map((w) => new Decimal(pool.toString()).times(w.toString()));
  const parts = products.map((product) => product.divToInt(sum));
  const left = new Decimal(pool.toString()).minus(parts.reduce((acc, part) => acc.plus(part), new Decimal(0)));
  const order = products
    .map((product, index) => ({ index, remainder: product.mod(sum) }))
    .sort((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index);
  for (const { index } of order.slice(0, left.toNumber())) {
    parts[index] = (parts[index] ?? new Decimal(0)).plus(1);
  }
  return parts.map((part) => part.toFixed());
}

describe('splitByLargestRemainder, any weights', () => {
  it('adds up to the pool, each part within a unit of its quota, nothing for zero weights', () => {
    fc.assert(
      fc.property(pools, someWeights, (pool, weights) => {
        const sum = total(weights);
        const parts = splitByLargestRemainder(pool, weights);
        expect(total(parts)).toBe(sum === 0n ? 0n : pool);
        parts.forEach((part, i) => {
          const off = part * sum - pool * (weights[i] ?? 0n);
          expect(off < sum || sum === 0n).toBe(true);
          expect(-off < sum || sum === 0n).toBe(true);
          expect(weights[i] !== 0n || part === 0n).toBe(true);
        });
      }),
    );
  });

  it('agrees with decimal.js', () => {
    fc.assert(
      fc.property(pools, someWeights, (pool, weights) => {
        expect(splitByLargestRemainder(pool, weights).map(String)).toEqual(splitByDecimals(pool, weights));
      }),
    );
  });

  it('does not depend on the order of input once creators are sorted by id', () => {
    fc.assert(
      fc.property(pools, someWeights, fc.infiniteStream(fc.nat()), (pool, weights, keys) => {
        const byId = weights.map((w, id) => ({ id, w, key: keys.next().value ?? 0 }));
        const shuffled = byId.slice().sort((a, b) => a.key - b.key);
        const sorted = shuffled.sort((a, b) => a.id - b.id);
        const parts = splitByLargestRemainder(
          pool,
          sorted.map(({ w }) => w),
        );
        expect(parts).toEqual(splitByLargestRemainder(pool, weights));
      }),
    );
  });
});

// Enough weights for the grouped and the estimating path; bits of the weight, of the pool, and how many different weights.
describe('splitByLargestRemainder, many weights, equals the plain form', () => {
  const many = fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    weightBits: fc.constantFrom(0, 1, 3, 10, 31, 32, 33, 53, 63, 64, 65, 80, 95, 96, 97, 130, 1030),
    poolBits: fc.constantFrom(0, 1, 8, 20, 40, 53, 64, 70, 100, 130, 1100),
    shape: fc.constantFrom('random', 'near-whole', 'equal', 'heavy', 'same-remainder', 'half-zero'),
  });

  it('for random, equal, colliding, near-whole and heavy-tailed weights', () => {
    fc.assert(
      fc.property(many, ({ seed, weightBits, poolBits, shape }) => {
        const random = randomBits(seed);
        // More than the groups that are tried, for one shape in two.
        const length = seed % 2 === 0 ? 34_000 : 1_500;
        const base = random(weightBits) + 1n;
        const weights = Array.from({ length }, (_, i) => {
          switch (shape) {
            case 'equal':
              return base;
            case 'heavy':
              return (base * 1000n) / BigInt(1 + Number(random(10)));
            case 'same-remainder':
              return base * BigInt(i);
            case 'half-zero':
              return i % 2 === 0 ? 0n : random(weightBits);
            case 'near-whole':
              return base * 2n ** 40n + BigInt(i);
            default:
              return random(weightBits);
          }
        });
        const sum = total(weights);
        const pool = shape === 'near-whole' ? sum * random(20) + random(2) : random(poolBits);
        const expected = sum === 0n ? weights.map(() => 0n) : splitBySorting(pool, weights, sum);
        const parts = splitByLargestRemainder(pool, weights);
        // Compared by hand: a million cells of diff help nobody.
        expect(parts.findIndex((part, i) => part !== expected[i])).toBe(-1);
        expect(parts).toHaveLength(length);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('for weights that collide in a hash of their low bits', () => {
    const weights = Array.from({ length: 2_000 }, (_, i) => BigInt(i) << 64n);
    expect(splitByLargestRemainder(12_345n, weights)).toEqual(splitBySorting(12_345n, weights, total(weights)));
  });

  it('refuses a negative weight among many', () => {
    for (const bad of [-1n, -(2n ** 70n)]) {
      const equal = new Array<bigint>(2_000).fill(5n);
      const distinct = Array.from({ length: 40_000 }, (_, i) => BigInt(i));
      expect(() => splitByLargestRemainder(1n, [...equal, bad])).toThrow(/weights are zero or more/);
      expect(() => splitByLargestRemainder(1n, [...distinct, bad])).toThrow(/weights are zero or more/);
    }
  });
});

describe('splitCapped', () => {
  it('gives nobody more than the cap, exactly the cap to those above it, and accounts for the whole pool', () => {
    fc.assert(
      fc.property(pools, someWeights, fc.bigInt({ min: 0n, max: 100n }), (pool, weights, percent) => {
        const cap = (pool * percent) / 100n;
        const { parts, undistributed } = splitCapped(pool, weights, cap);
        const sum = total(weights);
        expect(total(parts) + undistributed).toBe(pool);
        parts.forEach((part, i) => {
          expect(part <= cap).toBe(true);
          if (pool * (weights[i] ?? 0n) > cap * sum) {
            expect(part).toBe(cap);
          }
        });
      }),
    );
  });

  it('equals the rounds of the rule', () => {
    fc.assert(
      fc.property(pools, someWeights, fc.bigInt({ min: 0n, max: 60n }), (pool, weights, percent) => {
        const cap = (pool * percent) / 100n;
        expect(splitCapped(pool, weights, cap)).toEqual(splitInRounds(pool, weights, cap));
      }),
    );
  });
});

function splitInRounds(pool: bigint, weights: readonly bigint[], cap: bigint) {
  const capped = new Set<number>();
  for (;;) {
    const open = weights.map((w, i) => (capped.has(i) ? 0n : w));
    const sum = total(open);
    const rest = pool - cap * BigInt(capped.size);
    const above = open.flatMap((w, i) => (rest * w > cap * sum ? [i] : []));
    if (above.length === 0) {
      const parts = splitByLargestRemainder(rest, open).map((part, i) => (capped.has(i) ? cap : part));
      return { parts, undistributed: pool - total(parts) };
    }
    for (const index of above) {
      capped.add(index);
    }
  }
}

function randomBits(seed: number): (bits: number) => bigint {
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return BigInt(state >>> 0);
  };
  return (bits) => {
    let value = 0n;
    for (let filled = 0; filled < bits; filled += 32) {
      value = (value << 32n) | next();
    }
    return BigInt.asUintN(bits, value);
  };
}
