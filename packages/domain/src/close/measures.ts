import { writeScaled } from '@rewardbook/money/decimal-text';
import { divideHalfEven } from '@rewardbook/money/rounding';
import { type AmountRuns, amountRuns, sumOfSmallest } from './amount-runs.ts';
import type { Metrics } from './result.ts';

const PLACES = 6;
const UNIT = 10n ** BigInt(PLACES);

/**
 * Inequality of amounts (minor units, ≥ 0, any order) over the creators with positive points, those who got nothing included.
 * All but Theil are exact quotients of bigints, rounded half to even.
 */
export function metrics(amounts: readonly bigint[]): Metrics {
  return metricsOfRuns(amountRuns(amounts));
}

/** `metrics` of amounts that are in order already. */
export function metricsOfRuns(runs: AmountRuns): Metrics {
  const { count: creators, values, ends, sums } = runs;
  const total = sums.at(-1) ?? 0n;
  if (total === 0n) {
    return { creators, gini: null, top1Share: null, top10Share: null, palma: null, hhi: null, theilT: null };
  }
  let squares = 0n;
  let ranked = 0n;
  let from = 0;
  for (const [run, value] of values.entries()) {
    const end = ends[run] ?? from;
    const count = BigInt(end - from);
    squares += value * value * count;
    // Σ (2i − n − 1)·x for i from `from` + 1 to `end`.
    ranked += value * count * BigInt(from + end - creators);
    from = end;
  }
  const largest = (count: number) => total - sumOfSmallest(runs, creators - count);
  const topTenth = largest(Math.ceil(creators / 10));
  const bottom = sumOfSmallest(runs, Math.floor((creators * 2) / 5));
  return {
    creators,
    gini: sixPlaces(ranked, BigInt(creators) * total),
    top1Share: sixPlaces(largest(Math.ceil(creators / 100)), total),
    top10Share: sixPlaces(topTenth, total),
    palma: bottom === 0n ? null : sixPlaces(topTenth, bottom),
    hhi: sixPlaces(squares, total * total),
    theilT: theil(runs, total).toFixed(PLACES),
  };
}

/**
 * Theil's T over shares s: Σ s·ln(n·s), which is (1/n)·Σ (x/μ)·ln(x/μ). Irrational, hence in float64 (a statistic, not money): a share
 * is off by 3 parts in 2^53, its logarithm by about as much, and shares add up to 1, so with compensated summation the error
 * stays below 2^-46, far below the sixth place.
 */
function theil({ count, values, ends }: AmountRuns, total: bigint): number {
  const totalEstimate = Number(total);
  // Neumaier's summation: `lost` collects what each addition rounds away.
  let sum = 0;
  let lost = 0;
  let from = 0;
  for (const [run, value] of values.entries()) {
    const share = Number(value) / totalEstimate;
    const term = share === 0 ? 0 : share * Math.log(share * count);
    for (const end = ends[run] ?? from; from < end; from += 1) {
      const next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
      sum = next;
    }
  }
  // Equal shares may leave −1e-17 where T is 0, its least value.
  return Math.max(0, sum + lost);
}

function sixPlaces(numerator: bigint, denominator: bigint): string {
  return writeScaled(divideHalfEven(numerator * UNIT, denominator), PLACES);
}
