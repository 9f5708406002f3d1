import { LIMBED_WEIGHTS, topLimb, type WeightTotals } from './weights.ts';
import { HIGH_HALF, LOW_HALF } from './word-halves.ts';

/** Fractions of quotas are distinguished by buckets of 2^-16. */
export const FRACTION_BUCKETS = 2 ** 16;

/** Every quota `pool × weight / sum`: its floor exactly, its fraction roughly. */
export interface Quotas {
  readonly floors: bigint[];
  /** Bucket of an estimate of the fraction that is wrong by less than 2^-16: the true bucket or one next to it. */
  readonly buckets: Uint16Array;
  /** Units that the floors leave of the pool: fewer than there are weights. */
  readonly left: number;
}

// One bucket: more than the largest error of an estimated fraction, see fractionSteps.
const TOLERANCE = 2 ** -16;
// An estimated quota below this is wrong by less than 1/4, see estimatedRate.
const MAX_ESTIMATE = 2 ** 48;

/**
 * Divides the pool. Fractions come from float64 arithmetic on the weights' limbs, and so do the floors of quotas below 2^48;
 * larger floors are divided as bigints. What float64 cannot decide, a quota too near to a whole number or a weight
 * from 2^96, is divided as bigints altogether. Expects `pool ≥ 0` and `sum > 0`.
 */
export function divideIntoQuotas(pool: bigint, weights: readonly bigint[], { sum, estimates }: WeightTotals): Quotas {
  const [lowHalf, highHalf] = [LOW_HALF, HIGH_HALF];
  const rate = estimatedRate(pool, sum);
  const [lowStep, highStep, topStep] = fractionSteps(pool, sum);
  const word = new BigUint64Array(1);
  const halves = new Uint32Array(word.buffer);
  const floors = new Array<bigint>(weights.length);
  const buckets = new Uint16Array(weights.length);
  // Modulo 2^32 is enough: what is left is below the number of weights.
  let given = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0n;
    const size = estimates[i] ?? 0;
    const quota = size * rate;
    if (quota < 0.5) {
      floors[i] = 0n;
      buckets[i] = quota * FRACTION_BUCKETS;
      continue;
    }
    word[0] = weight;
    const low = halves[lowHalf] ?? 0;
    const high = halves[highHalf] ?? 0;
    const top = topLimb(size, high * 2 ** 32 + low);
    const turns = low * lowStep + high * highStep + top * topStep;
    const fraction = turns - Math.floor(turns);
    if (size < LIMBED_WEIGHTS && fraction > TOLERANCE && fraction < 1 - TOLERANCE) {
      buckets[i] = fraction * FRACTION_BUCKETS;
      if (quota < MAX_ESTIMATE) {
        const floor = Math.round(quota - fraction);
        floors[i] = BigInt(floor);
        given = (given + floor) >>> 0;
        continue;
      }
      const floor = (pool * weight) / sum;
      floors[i] = floor;
      word[0] = floor;
    } else {
      const product = pool * weight;
      const floor = product / sum;
      floors[i] = floor;
      buckets[i] = Number(((product - floor * sum) << 16n) / sum);
      word[0] = floor;
    }
    given = (given + (halves[lowHalf] ?? 0)) >>> 0;
  }
  return { floors, buckets, left: (Number(BigInt.asUintN(32, pool)) - given) >>> 0 };
}

/**
 * pool / sum as float64, so that `estimate of weight × rate` is the quota with an error below 1/4 where it is below 2^48: with
 * u = 2^-53 the result has five roundings (three conversions, the division, the product), a relative error below
 * 5.01 u < 2^-50, hence 2^-2. (A subnormal rate adds up to 2^-1075 × 2^1024.) A fraction is known to 2^-16, so
 * `quota − fraction` is less than 1/2 from the floor, and rounding finds it. A quota estimated below 1/2 has floor 0
 * and is its own fraction. Where the sum is beyond float64 there is no rate: NaN compares as false, and floors are divided
 * as bigints.
 */
function estimatedRate(pool: bigint, sum: bigint): number {
  const divisor = Number(sum);
  return divisor === Number.POSITIVE_INFINITY ? Number.NaN : Number(pool) / divisor;
}

/**
 * What each limb of a weight adds to the fraction of the quota, per unit of the limb: the fraction of pool × 2^(32 j) / sum, with
 * weight = l0 + l1 × 2^32 + l2 × 2^64. The fraction of Σ limb × step is that of the quota, and wrong by less than 2^-18:
 * a step has an error below 2^-53 and a limb is below 2^32, so each product is wrong by 2^-21 + 2^-22 (rounding below 2^32);
 * the two sums, below 2^33 and 2^34, add 2^-21 + 2^-20. A fraction further than TOLERANCE from 0 and 1 has not wrapped
 * around, so the estimate is on the same side of the whole number as the quota.
 */
function fractionSteps(pool: bigint, sum: bigint): [number, number, number] {
  const step = (bits: bigint) => Number((((pool << bits) % sum) << 53n) / sum) * 2 ** -53;
  return [step(0n), step(32n), step(64n)];
}
