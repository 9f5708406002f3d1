import type { Outcome } from '@rewardbook/simulate/whatif/outcome';

/** Bins of a power of ten. */
export const BINS_PER_DECADE = 6;

/** Bin of whoever has nothing. */
export const NO_AMOUNT = -1;

/** From the smallest to the largest minor amount of a bin, as powers of ten of minor units; for places on a chart. */
export function binStart(bin: number): number {
  return bin / BINS_PER_DECADE;
}

const KNOWN = new WeakMap<readonly bigint[], Int16Array>();

/**
 * The bin of each amount: ⌊6·log10(minor units)⌋, −1 for nothing. In float64, as a statistic for drawings and what is selected on them.
 * The same list of amounts is looked at once.
 */
export function binsOf(amounts: Outcome['amounts']): Int16Array {
  const known = KNOWN.get(amounts);
  if (known !== undefined) {
    return known;
  }
  let last = 0n;
  let lastBin = NO_AMOUNT;
  const bins = Int16Array.from(amounts, (amount) => {
    if (amount !== last) {
      last = amount;
      lastBin = binOf(amount);
    }
    return lastBin;
  });
  KNOWN.set(amounts, bins);
  return bins;
}

function binOf(minorUnits: bigint): number {
  return minorUnits <= 0n ? NO_AMOUNT : Math.floor(Math.log10(Number(minorUnits)) * BINS_PER_DECADE + 1e-9);
}
