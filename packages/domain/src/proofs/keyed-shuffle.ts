import type { Sha256Hex } from './verify-proof.ts';

const HEX_DIGITS_PER_DRAW = 12; // 48 bits: exact in a number, and even to 2^-16 and better over four thousand million places
const DRAWS_PER_HASH = 5;
const DRAWS_PER_STEP = 20_000;

/**
 * The numbers 0, 1, … in an order that follows from a key and reveals nothing without it (Fisher–Yates, drawing from
 * SHA-256). In steps, between which the caller can let others go on.
 */
export function* keyedShuffle(
  length: number,
  key: string,
  sha256Hex: Sha256Hex,
): Generator<void, Uint32Array<ArrayBuffer>, undefined> {
  const order = new Uint32Array(length);
  for (let index = 0; index < length; index += 1) {
    order[index] = index;
  }
  let hash = '';
  for (let left = length, drawn = 0; left > 1; left -= 1, drawn += 1) {
    const draw = drawn % DRAWS_PER_HASH;
    if (draw === 0) {
      hash = sha256Hex(`rewardbook:shuffle:1\n${key}\n${drawn / DRAWS_PER_HASH}`);
    }
    const random = Number.parseInt(hash.slice(draw * HEX_DIGITS_PER_DRAW, (draw + 1) * HEX_DIGITS_PER_DRAW), 16);
    const chosen = random % left;
    const last = order[left - 1] ?? 0;
    order[left - 1] = order[chosen] ?? 0;
    order[chosen] = last;
    if (drawn % DRAWS_PER_STEP === 0) {
      yield;
    }
  }
  return order;
}
