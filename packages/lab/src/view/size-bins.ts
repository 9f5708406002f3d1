import type { Outcome } from '@rewardbook/simulate/whatif/outcome';

/** Bins of a power of ten. */
export const BINS_PER_DECADE = 6;

/** Bin of whoever has nothing. */
const EMPTY_BIN = -1;

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
  let lastBin = EMPTY_BIN;
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
  return minorUnits <= 0n ? EMPTY_BIN : Math.floor(Math.log10(Number(minorUnits)) * BINS_PER_DECADE + 1e-9);
}
