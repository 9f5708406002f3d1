import { assertWeight } from './grouped-weights.ts';
import { HIGH_HALF, LOW_HALF } from './word-halves.ts';

/** Weights as the splits use them. */
export interface WeightTotals {
  /** Σ weights, exact. */
  readonly sum: bigint;
  /** Each weight as float64, at most one part in 2^53 off (Infinity from 2^1024): an estimate, never money. */
  readonly estimates: Float64Array;
}

/** Weights below this are three limbs of 32 bits. */
export const LIMBED_WEIGHTS = 2 ** 96;
// Numbers below 2^32 add up exactly in a float64 for this many terms.
const EXACT_TERMS = 2 ** 20;

/**
 * Adds weights up and estimates them in one pass. Limbs of 32 bits are added as float64, three times as fast as `sum += weight`.
 * Throws MoneyError `negative-weight`.
 */
export function totalWeights(weights: readonly bigint[]): WeightTotals {
  const [lowHalf, highHalf] = [LOW_HALF, HIGH_HALF];
  const estimates = new Float64Array(weights.length);
  const word = new BigUint64Array(1);
  const halves = new Uint32Array(word.buffer);
  let sum = 0n;
  for (let start = 0; start < weights.length; start += EXACT_TERMS) {
    const end = Math.min(start + EXACT_TERMS, weights.length);
    let lowSum = 0;
    let highSum = 0;
    let topSum = 0;
    for (let i = start; i < end; i++) {
      const weight = weights[i] ?? 0n;
      word[0] = weight;
      const low = halves[lowHalf] ?? 0;
      const high = halves[highHalf] ?? 0;
      let size = high * 2 ** 32 + low;
      if (word[0] !== weight) {
        assertWeight(weight);
        const tail = size;
        size = Number(weight);
        if (size >= LIMBED_WEIGHTS) {
          sum += weight;
          estimates[i] = size;
          continue;
        }
        topSum += topLimb(size, tail);
      }
      lowSum += low;
      highSum += high;
      estimates[i] = size;
    }
    sum += (BigInt(topSum) << 64n) + (BigInt(highSum) << 32n) + BigInt(lowSum);
  }
  return { sum, estimates };
}

/**
 * What is above the low 64 bits of a weight below 2^96, from float64 estimates of the weight and of these bits. Exact: they are off by
 * 2^42 and 2^10 at most, far less than half of 2^64.
 */
export function topLimb(size: number, tail: number): number {
  return Math.round((size - tail) * 2 ** -64);
}
