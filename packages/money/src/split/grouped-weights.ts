import { MoneyError } from '../error.ts';
import { HIGH_HALF, LOW_HALF } from './word-halves.ts';

/** Weights where many are equal: each distinct one once, in order of appearance. */
export interface GroupedWeights {
  readonly distinct: readonly bigint[];
  readonly members: readonly number[];
  /** Group of each weight, an index into `distinct`. */
  readonly groupOf: Uint32Array;
}

// More groups than this are not worth it: their remainders have to be sorted.
const MAX_GROUPS = 2 ** 15;
const TABLE_BITS = 17;
const TABLE_SIZE = 2 ** TABLE_BITS;
// At a quarter full, longer chains mean weights that were made to collide.
const MAX_PROBES = 32;

/**
 * Groups equal weights, or gives up (undefined) as soon as there are too many different ones, which costs little: a hash
 * table with open addressing in a typed array, at 20 ns a weight, where a Map with bigint keys takes five times as long.
 * Throws MoneyError `negative-weight`.
 */
export function groupEqualWeights(weights: readonly bigint[]): GroupedWeights | undefined {
  const [lowHalf, highHalf] = [LOW_HALF, HIGH_HALF];
  const word = new BigUint64Array(1);
  const halves = new Uint32Array(word.buffer);
  // Group + 1, so that 0 is free.
  const table = new Uint32Array(TABLE_SIZE);
  const distinct: bigint[] = [];
  const members: number[] = [];
  const groupOf = new Uint32Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0n;
    word[0] = weight;
    const mixed = Math.imul((halves[lowHalf] ?? 0) ^ Math.imul(halves[highHalf] ?? 0, 0x85ebca6b), 0x9e3779b1);
    let slot = mixed >>> (32 - TABLE_BITS);
    let probes = 0;
    let entry = table[slot] ?? 0;
    while (entry !== 0 && distinct[entry - 1] !== weight) {
      slot = (slot + 1) % TABLE_SIZE;
      entry = table[slot] ?? 0;
      probes += 1;
      if (probes > MAX_PROBES) {
        return undefined;
      }
    }
    if (entry === 0) {
      if (distinct.length === MAX_GROUPS) {
        return undefined;
      }
      assertWeight(weight);
      distinct.push(weight);
      members.push(0);
      entry = distinct.length;
      table[slot] = entry;
    }
    members[entry - 1] = (members[entry - 1] ?? 0) + 1;
    groupOf[i] = entry - 1;
  }
  return { distinct, members, groupOf };
}

/** Throws MoneyError `negative-weight`. */
export function assertWeight(weight: bigint): void {
  if (weight < 0n) {
    throw new MoneyError('negative-weight', `Cannot split by the weight ${weight}: weights are zero or more`);
  }
}
