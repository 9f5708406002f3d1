import { Decimal as BaseDecimal } from 'decimal.js';

export const Decimal = BaseDecimal.clone({ precision: 300, toExpNeg: -9e15, toExpPos: 9e15, defaults: true });
export type Decimal = BaseDecimal;

const ZERO = new Decimal(0);

/** Largest remainder over whole weights, in order of creatorId. */
export function largestRemainder(pool: Decimal, weights: readonly Decimal[]): Decimal[] {
  const sum = weights.reduce((total, weight) => total.plus(weight), ZERO);
  if (sum.isZero()) {
    return weights.map(() => ZERO);
  }
  const parts = weights.map((weight) => pool.times(weight).divToInt(sum));
  const remainders = weights.map((weight) => pool.times(weight).mod(sum));
  let left = pool.minus(parts.reduce((total, part) => total.plus(part), ZERO)).toNumber();
  const served = new Set<number>();
  for (; left > 0; left -= 1) {
    let best = -1;
    for (const [index, remainder] of remainders.entries()) {
      if (served.has(index)) {
        continue;
      }
      if (best === -1 || remainder.gt(remainders[best] ?? ZERO)) {
        best = index;
      }
    }
    served.add(best);
    parts[best] = (parts[best] ?? ZERO).plus(1);
  }
  return parts;
}

/** With a cap, round by round: who is above gets the cap, the others share the rest. */
export function cappedSplit(pool: Decimal, weights: readonly Decimal[], cap: Decimal): Decimal[] {
  const capped = new Set<number>();
  for (;;) {
    const rest = pool.minus(cap.times(capped.size));
    const open = weights.map((weight, index) => (capped.has(index) ? ZERO : weight));
    const sum = open.reduce((total, weight) => total.plus(weight), ZERO);
    const above = open.flatMap((weight, index) => (rest.times(weight).gt(cap.times(sum)) ? [index] : []));
    if (above.length === 0) {
      const parts = largestRemainder(rest, open);
      return parts.map((part, index) => (capped.has(index) ? cap : part));
    }
    for (const index of above) {
      capped.add(index);
    }
  }
}

/** Points as whole numbers: × the smallest power of ten that makes all whole. */
export function proRataWeights(points: readonly Decimal[]): Decimal[] {
  const decimals = Math.max(0, ...points.map((value) => value.decimalPlaces()));
  return points.map((value) => value.times(new Decimal(10).pow(decimals)));
}
