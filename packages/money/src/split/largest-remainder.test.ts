import { describe, expect, it } from 'vitest';
import { splitByLargestRemainder, splitCapped } from './largest-remainder.ts';

describe('splitByLargestRemainder', () => {
  it.each([
    ['80/8/12 percent of 15', 15n, [80n, 8n, 12n], [12n, 1n, 2n]],
    ['60/35.5/4.5 percent of 100', 100n, [600n, 355n, 45n], [60n, 36n, 4n]],
    [
      "textbook example, Hamilton's method",
      10n,
      [47000n, 16000n, 15900n, 12000n, 6000n, 3100n],
      [5n, 2n, 1n, 1n, 1n, 0n],
    ],
    ['Alabama paradox, 10 seats', 10n, [6n, 6n, 2n], [4n, 4n, 2n]],
    ['Alabama paradox, 11 seats', 11n, [6n, 6n, 2n], [5n, 5n, 1n]],
    ['tie goes to the smaller id', 1003n, [50n, 50n], [502n, 501n]],
    ['zero weight gets nothing', 1003n, [0n, 50n, 50n], [0n, 502n, 501n]],
    ['nobody to give to', 1003n, [], []],
    ['all weights zero', 1003n, [0n, 0n], [0n, 0n]],
    ['empty pool', 0n, [3n, 4n], [0n, 0n]],
    ['pool smaller than the number of creators', 2n, [1n, 1n, 1n, 1n], [1n, 1n, 0n, 0n]],
  ])('%s', (_name, pool, weights, parts) => {
    expect(splitByLargestRemainder(pool, weights)).toEqual(parts);
  });

  it('refuses a negative pool or weight', () => {
    expect(() => splitByLargestRemainder(-1n, [1n])).toThrow(expect.objectContaining({ code: 'negative-pool' }));
    expect(() => splitByLargestRemainder(1n, [2n, -1n])).toThrow(expect.objectContaining({ code: 'negative-weight' }));
  });
});

describe('splitCapped', () => {
  it.each([
    ['nobody above', 100n, [1n, 1n], 50n, [50n, 50n], 0n],
    ['one above: the rest goes to the others', 100n, [8n, 1n, 1n], 40n, [40n, 30n, 30n], 0n],
    ['one above, unequal others', 100n, [70n, 20n, 10n], 45n, [45n, 37n, 18n], 0n],
    ['chain: capping one puts the next above', 100n, [70n, 20n, 10n], 35n, [35n, 35n, 30n], 0n],
    ['everybody capped: the rest is undistributed', 100n, [5n, 3n, 1n], 10n, [10n, 10n, 10n], 70n],
    ['the others have no weight', 100n, [5n, 0n], 10n, [10n, 0n], 90n],
    ['cap zero', 100n, [5n, 0n], 0n, [0n, 0n], 100n],
    ['all weights zero', 100n, [0n, 0n], 10n, [0n, 0n], 100n],
  ])('%s', (_name, pool, weights, cap, parts, undistributed) => {
    expect(splitCapped(pool, weights, cap)).toEqual({ parts, undistributed });
  });
});
