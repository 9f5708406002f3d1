import { indexesOfLargest } from './largest.ts';
import { FRACTION_BUCKETS, type Quotas } from './quotas.ts';

// The order of two fractions is certain when the buckets of their estimates are this far apart.
const CERTAIN_DISTANCE = 3;

/**
 * Gives the units that the floors leave to the largest remainders, one each, ties to the smaller index; changes `floors`.
 *
 * Say buckets are w wide, and b is the bucket in which the last unit ends when they are counted from the top: fewer than
 * `left` estimates are above b, at least `left` are in b or above. An estimate is off by less than w.
 * - Estimated in b + 3 or above, a fraction exceeds (b + 2)·w, while all that are estimated in b or below are smaller than that:
 *   only those above b can beat it, fewer than `left`. It gets a unit.
 * - Estimated in b − 3 or below, a fraction is smaller than (b − 1)·w, while all that are estimated in b or above exceed that: at
 *   least `left` beat it. It gets none.
 * - The band between, a few in a hundred thousand where weights are random, is compared exactly.
 */
export function giveUnitsLeft(pool: bigint, weights: readonly bigint[], sum: bigint, quotas: Quotas): void {
  const { floors, buckets, left } = quotas;
  if (left === 0) {
    return;
  }
  const lastBucket = bucketOfLastUnit(buckets, left);
  const band: number[] = [];
  let units = left;
  for (let i = 0; i < buckets.length; i++) {
    const distance = (buckets[i] ?? 0) - lastBucket;
    if (distance >= CERTAIN_DISTANCE) {
      floors[i] = (floors[i] ?? 0n) + 1n;
      units -= 1;
    } else if (distance > -CERTAIN_DISTANCE) {
      band.push(i);
    }
  }
  const remainders = band.map((index) => (pool * (weights[index] ?? 0n)) % sum);
  for (const position of indexesOfLargest(remainders, units)) {
    const index = band[position] ?? 0;
    floors[index] = (floors[index] ?? 0n) + 1n;
  }
}

function bucketOfLastUnit(buckets: Uint16Array, left: number): number {
  const counts = new Uint32Array(FRACTION_BUCKETS);
  for (let i = 0; i < buckets.length; i++) {
    const bucket = buckets[i] ?? 0;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  let bucket = FRACTION_BUCKETS - 1;
  for (let seen = counts[bucket] ?? 0; seen < left; seen += counts[bucket] ?? 0) {
    bucket -= 1;
  }
  return bucket;
}
