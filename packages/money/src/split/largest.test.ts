import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDescending, indexesOfLargest } from './largest.ts';

// Neighbours of 2^60 share their float64; so do all from 2^1024, as Infinity.
const value = fc.oneof(
  fc.bigInt({ min: 0n, max: 5n }),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 60n + 9n }),
  fc.bigInt({ min: 2n ** 1100n, max: 2n ** 1100n + 3n }),
);

describe('indexesOfLargest', () => {
  it('equals sorting, smaller index first among equals', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.nat(32), (values, count) => {
        const sorted = Array.from(values.keys()).sort((a, b) => compareDescending(values[a], values[b]) || a - b);
        const ascending = (indexes: number[]) => indexes.toSorted((a, b) => a - b);
        expect(ascending(indexesOfLargest(values, count))).toEqual(ascending(sorted.slice(0, count)));
      }),
    );
  });
});
