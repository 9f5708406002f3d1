import { compareDescending } from './largest.ts';

/**
 * Largest remainder in its plain form: divide, sort the remainders, hand out the units left. The shortest way for few weights,
 * and what the faster form for many is tested against. Expects `pool ≥ 0`, weights ≥ 0 and their sum > 0.
 */
export function splitBySorting(pool: bigint, weights: readonly bigint[], sum: bigint): bigint[] {
  const parts: bigint[] = [];
  const ranked: { readonly index: number; readonly remainder: bigint }[] = [];
  let left = pool;
  weights.forEach((weight, index) => {
    const product = pool * weight;
    const part = product / sum;
    parts.push(part);
    left -= part;
    ranked.push({ index, remainder: product - part * sum });
  });
  if (left === 0n) {
    return parts;
  }
  ranked.sort((a, b) => compareDescending(a.remainder, b.remainder) || a.index - b.index);
  for (const { index } of ranked.slice(0, Number(left))) {
    parts[index] = (parts[index] ?? 0n) + 1n;
  }
  return parts;
}
