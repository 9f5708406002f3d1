import { divideHalfEven } from '@rewardbook/money/rounding';

// Results are × 10^6, half even.
const UNIT = 1_000_000n;

/**
 * How evenly values come over n periods: (Σx)² ÷ (n·Σx²), negative values as 0. 1 where all are equal, 1/n where one has all, 0 where
 * there is nothing. (Jain, Chiu, Hawe: "A quantitative measure of fairness", DEC-TR-301, 1984.)
 */
export function steadiness(values: readonly bigint[]): bigint {
  let sum = 0n;
  let squares = 0n;
  for (const value of values) {
    if (value <= 0n) {
      continue;
    }
    sum += value;
    squares += value * value;
  }
  return squares === 0n ? 0n : divideHalfEven(sum * sum * UNIT, BigInt(values.length) * squares);
}

/**
 * Whether values rise: pairs of periods in which the later has more, less those in which it has less, ÷ all pairs: Kendall's S over its
 * most, from −1 to 1. 0 for a single period. (Mann: "Nonparametric tests against trend", Econometrica 13, 1945.)
 */
export function trend(values: readonly bigint[]): bigint {
  let balance = 0n;
  for (const [index, earlier] of values.entries()) {
    for (const later of values.slice(index + 1)) {
      balance += later > earlier ? 1n : later < earlier ? -1n : 0n;
    }
  }
  const pairs = BigInt((values.length * (values.length - 1)) / 2);
  return pairs === 0n ? 0n : divideHalfEven(balance * UNIT, pairs);
}
