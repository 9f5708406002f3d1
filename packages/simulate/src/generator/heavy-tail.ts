import { fraction } from './random.ts';

/** Draws an index with a fixed probability each, in constant time, from two times 32 random bits. */
export type Draw = (column: number, coin: number) => number;

/**
 * Indexes 0…size − 1 with weights 1 / (index + shift): Zipf's law, whose head the shift flattens. Alias method (Vose, 1991).
 * Only + − × ÷ of float64, which IEEE 754 defines to the bit, so every machine draws the same; a power law with another
 * exponent would need `Math.pow`, which it does not.
 */
export function heavyTail(size: number, shift: number): Draw {
  const threshold = new Float64Array(size);
  const alias = new Uint32Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    total += 1 / (i + shift);
  }
  const small = new Uint32Array(size);
  const large = new Uint32Array(size);
  let smallCount = 0;
  let largeCount = 0;
  for (let i = 0; i < size; i++) {
    const scaled = size / (i + shift) / total;
    threshold[i] = scaled;
    alias[i] = i;
    if (scaled < 1) {
      small[smallCount++] = i;
    } else {
      large[largeCount++] = i;
    }
  }
  while (smallCount > 0 && largeCount > 0) {
    const less = small[--smallCount] ?? 0;
    const more = large[largeCount - 1] ?? 0;
    alias[less] = more;
    const rest = (threshold[more] ?? 0) + (threshold[less] ?? 0) - 1;
    threshold[more] = rest;
    if (rest < 1) {
      largeCount -= 1;
      small[smallCount++] = more;
    }
  }
  return (column, coin) => {
    const index = Math.floor(fraction(column) * size);
    return fraction(coin) < (threshold[index] ?? 0) ? index : (alias[index] ?? 0);
  };
}
