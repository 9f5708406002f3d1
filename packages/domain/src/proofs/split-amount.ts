import type { Sha256Hex } from './verify-proof.ts';

/** How finely amounts are split: each into at least `least` and at most `most` parts. */
export interface Splitting {
  readonly least: number;
  readonly most: number;
}

// Few creators are split finely enough that the tree has about FEW_LEAVES leaves; many are split into at least two
// parts.
const FEW_LEAVES = 64;
const FEWEST_PARTS = 2;
const MAX_PARTS = 32;
const SMALL = 2n ** 64n;

export function splittingOf(creators: number): Splitting {
  const least = Math.max(FEWEST_PARTS, Math.ceil(FEW_LEAVES / Math.max(1, creators)));
  return { least, most: Math.max(MAX_PARTS, least) };
}

/**
 * Into how many parts an amount is split: the larger it is compared with the mean, the more, so that no leaf stands
 * out.
 */
export function partsOf(amount: bigint, total: bigint, creators: number, { least, most }: Splitting): number {
  const means = total === 0n ? 0n : (amount * BigInt(creators) + total - 1n) / total;
  const parts = means >= BigInt(most) ? most : Number(means) + 1;
  return Math.min(most, Math.max(least, parts));
}

/**
 * Splits an amount at random places that follow from a salt: the parts are zero or more and add up to it.
 *
 * @param amount minor units, zero or more
 */
export function splitAmount(amount: bigint, parts: number, salt: string, sha256Hex: Sha256Hex): bigint[] {
  if (amount === 0n || parts === 1) {
    return [...Array.from({ length: parts - 1 }, () => 0n), amount];
  }
  // At least 64 bits more than the amount has: the bias is negligible.
  const hexDigits = amount < SMALL ? 32 : 64;
  const cuts: bigint[] = [];
  for (let number = 1; number < parts; number += 1) {
    const hash = sha256Hex(`rewardbook:cut:1\n${salt}\n${number}`);
    cuts.push(BigInt(`0x${hash.slice(0, hexDigits)}`) % (amount + 1n));
  }
  if (parts === 2) {
    return [cuts[0] ?? 0n, amount - (cuts[0] ?? 0n)];
  }
  cuts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const amounts: bigint[] = [];
  let before = 0n;
  for (const cut of cuts) {
    amounts.push(cut - before);
    before = cut;
  }
  amounts.push(amount - before);
  return amounts;
}
