import { writeScaled } from '@rewardbook/money/decimal-text';
import { divideHalfEven } from '@rewardbook/money/rounding';
import type { Metrics } from './result.ts';

const PLACES = 6;
const UNIT = 10n ** BigInt(PLACES);

/**
 * Inequality of amounts (minor units, ≥ 0, any order) over the creators with positive points, those who got nothing included.
 * All but Theil are exact quotients of bigints, rounded half to even.
 */
export function metrics(amounts: readonly bigint[]): Metrics {
  const creators = amounts.length;
  const ascending = sortedAscending(amounts);
  let total = 0n;
  let squares = 0n;
  let ranked = 0n;
  // Σ (2i − n − 1)·x_i, for i from 1.
  let rank = BigInt(1 - creators);
  for (const amount of ascending) {
    total += amount;
    squares += amount * amount;
    ranked += rank * amount;
    rank += 2n;
  }
  if (total === 0n) {
    return { creators, gini: null, top1Share: null, top10Share: null, palma: null, hhi: null, theilT: null };
  }
  const largest = (count: number) => sumOf(ascending, creators - count, creators);
  const topTenth = largest(Math.ceil(creators / 10));
  const bottom = sumOf(ascending, 0, Math.floor((creators * 2) / 5));
  return {
    creators,
    gini: sixPlaces(ranked, BigInt(creators) * total),
    top1Share: sixPlaces(largest(Math.ceil(creators / 100)), total),
    top10Share: sixPlaces(topTenth, total),
    palma: bottom === 0n ? null : sixPlaces(topTenth, bottom),
    hhi: sixPlaces(squares, total * total),
    theilT: theil(ascending, total).toFixed(PLACES),
  };
}

/**
 * Theil's T over shares s: Σ s·ln(n·s), which is (1/n)·Σ (x/μ)·ln(x/μ). Irrational, hence in float64 (a statistic, not money): a share
 * is off by 3 parts in 2^53, its logarithm by about as much, and shares add up to 1, so with compensated summation the error
 * stays below 2^-46, far below the sixth place.
 */
function theil(amounts: Iterable<bigint>, total: bigint): number {
  const shares: number[] = [];
  const totalEstimate = Number(total);
  for (const amount of amounts) {
    shares.push(Number(amount) / totalEstimate);
  }
  // Neumaier's summation: `lost` collects what each addition rounds away.
  let sum = 0;
  let lost = 0;
  for (const share of shares) {
    const term = share === 0 ? 0 : share * Math.log(share * shares.length);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  // Equal shares may leave −1e-17 where T is 0, its least value.
  return Math.max(0, sum + lost);
}

/** A typed array sorts without a comparator, ten times as fast; amounts that do not fit its 64 bits take the long way. */
function sortedAscending(amounts: readonly bigint[]): BigUint64Array | bigint[] {
  const words = BigUint64Array.from(amounts);
  if (amounts.every((amount, index) => words[index] === amount)) {
    return words.sort();
  }
  if (amounts.some((amount) => amount < 0n)) {
    throw new RangeError('Measures are of amounts that are zero or more');
  }
  return amounts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function sumOf(values: BigUint64Array | bigint[], start: number, end: number): bigint {
  let sum = 0n;
  for (const value of values.slice(start, end)) {
    sum += value;
  }
  return sum;
}

function sixPlaces(numerator: bigint, denominator: bigint): string {
  return writeScaled(divideHalfEven(numerator * UNIT, denominator), PLACES);
}
