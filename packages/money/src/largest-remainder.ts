import { MoneyError } from './error.ts';

/**
 * Splits `pool` minor units by weight with the largest-remainder method (Hamilton): everybody gets the floor of their quota
 * `pool × weight / Σ weights`, and the units left go one each to the largest remainders; ties go to the smaller index, so
 * callers pass creators by id. Exact for any size; the parts add up to `pool`, or are all 0n where all weights are.
 * Throws MoneyError `negative-pool` or `negative-weight`.
 */
export function splitByLargestRemainder(pool: bigint, weights: readonly bigint[]): bigint[] {
  const sum = sumOfWeights(pool, weights);
  if (sum === 0n) {
    return weights.map(() => 0n);
  }
  const parts: bigint[] = [];
  const remainders: bigint[] = [];
  let left = pool;
  for (const weight of weights) {
    const product = pool * weight;
    const part = product / sum;
    parts.push(part);
    remainders.push(product - part * sum);
    left -= part;
  }
  const order = remainders
    .map((_, index) => index)
    .sort((a, b) => compareDescending(remainders[a], remainders[b]) || a - b);
  for (const index of order.slice(0, Number(left))) {
    parts[index] = (parts[index] ?? 0n) + 1n;
  }
  return parts;
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
  const sum = sumOfWeights(pool, weights);
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
 * taking out the largest weight again and again while its quota is above.
 */
function indexesAboveCap(pool: bigint, weights: readonly bigint[], sum: bigint, cap: bigint): number[] {
  if (!weights.some((weight) => pool * weight > cap * sum)) {
    return [];
  }
  const byWeight = weights.map((_, index) => index).sort((a, b) => compareDescending(weights[a], weights[b]));
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

function sumOfWeights(pool: bigint, weights: readonly bigint[]): bigint {
  if (pool < 0n) {
    throw new MoneyError('negative-pool', `Cannot split ${pool}: a pool is zero or more`);
  }
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) {
      throw new MoneyError('negative-weight', `Cannot split by the weight ${weight}: weights are zero or more`);
    }
    sum += weight;
  }
  return sum;
}

function compareDescending(a = 0n, b = 0n): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
