import { MoneyError } from '../error.ts';
import { splitGroups } from './grouped-split.ts';
import { groupEqualWeights } from './grouped-weights.ts';
import { compareDescending, indexesOfLargest } from './largest.ts';
import { divideIntoQuotas } from './quotas.ts';
import { splitBySorting } from './sorted-split.ts';
import { giveUnitsLeft } from './units-left.ts';
import { totalWeights } from './weights.ts';

// Below this many weights, sorting is faster than setting up buckets.
const FEW_WEIGHTS = 512;

/**
 * Splits `pool` minor units by weight with the largest-remainder method (Hamilton): everybody gets the floor of their quota
 * `pool × weight / Σ weights`, and the units left go one each to the largest remainders; ties go to the smaller index, so
 * callers pass creators by id. Exact for any size; the parts add up to `pool`, or are all 0n where all weights are.
 * Throws MoneyError `negative-pool` or `negative-weight`.
 */
export function splitByLargestRemainder(pool: bigint, weights: readonly bigint[]): bigint[] {
  assertPool(pool);
  const groups = weights.length < FEW_WEIGHTS ? undefined : groupEqualWeights(weights);
  if (groups) {
    return splitGroups(pool, groups);
  }
  const totals = totalWeights(weights);
  if (totals.sum === 0n) {
    return weights.map(() => 0n);
  }
  if (weights.length < FEW_WEIGHTS) {
    return splitBySorting(pool, weights, totals.sum);
  }
  const quotas = divideIntoQuotas(pool, weights, totals);
  giveUnitsLeft(pool, weights, totals.sum, quotas);
  return quotas.floors;
}

/** Parts in the order of the weights, and what nobody may have; together they are the pool. */
export interface CappedSplit {
  readonly parts: bigint[];
  readonly undistributed: bigint;
}

/**
 * Splits by largest remainder so that no part exceeds `cap`: those whose exact quota is above it get the cap, the rest of the
 * pool is split over the others by the same rule, and so on until nobody is above. Without a positive weight, everything is
 * undistributed. Throws MoneyError `negative-cap`, else as `splitByLargestRemainder`.
 */
export function splitCapped(pool: bigint, weights: readonly bigint[], cap: bigint): CappedSplit {
  if (cap < 0n) {
    throw new MoneyError('negative-cap', `Cannot cap parts at ${cap}: a cap is zero or more`);
  }
  assertPool(pool);
  const { sum } = totalWeights(weights);
  const above = indexesAboveCap(pool, weights, sum, cap);
  const others = weights.slice();
  let rest = pool;
  let sumOfOthers = sum;
  for (const index of above) {
    sumOfOthers -= others[index] ?? 0n;
    others[index] = 0n;
    rest -= cap;
  }
  const parts = splitByLargestRemainder(rest, others);
  for (const index of above) {
    parts[index] = cap;
  }
  return { parts, undistributed: sumOfOthers === 0n ? rest : 0n };
}

/**
 * Taking out who is above the cap only raises the quotas of the rest, so the rounds of the rule end with the same set as
 * taking out the largest weight again and again while its quota is above. They are fewer than pool / cap.
 */
function indexesAboveCap(pool: bigint, weights: readonly bigint[], sum: bigint, cap: bigint): number[] {
  if (!weights.some((weight) => pool * weight > cap * sum)) {
    return [];
  }
  const most = cap === 0n || pool / cap > weights.length ? weights.length : Number(pool / cap);
  const byWeight = indexesOfLargest(weights, most).sort((a, b) => compareDescending(weights[a], weights[b]));
  let rest = pool;
  let sumOfRest = sum;
  const firstWithin = byWeight.findIndex((index) => {
    const weight = weights[index] ?? 0n;
    if (rest * weight <= cap * sumOfRest) {
      return true;
    }
    rest -= cap;
    sumOfRest -= weight;
    return false;
  });
  return firstWithin === -1 ? byWeight : byWeight.slice(0, firstWithin);
}

function assertPool(pool: bigint): void {
  if (pool < 0n) {
    throw new MoneyError('negative-pool', `Cannot split ${pool}: a pool is zero or more`);
  }
}
