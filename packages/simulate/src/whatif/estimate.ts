/** What repeated runs say about a figure. Decimal strings of 6 places: statistics in float64, not money. */
export interface Estimate {
  readonly runs: number;
  readonly mean: string;
  /** Ends of the two-sided 95% t interval of the mean: mean ± t(0.975, runs − 1)·s/√runs, s the sample's standard deviation. Null for one run. */
  readonly low: string | null;
  readonly high: string | null;
  /** The smallest and the largest of the runs. */
  readonly least: string;
  readonly most: string;
}

const PLACES = 6;

// Student's t at 0.975 by degrees of freedom, from 1.
const T_975 = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
  2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873, 2.068658,
  2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.04523, 2.042272,
];
const Z_975 = 1.959963985;

/** Estimate from the figures of independent runs; undefined without figures. */
export function estimate(figures: readonly number[]): Estimate | undefined {
  const runs = figures.length;
  if (runs === 0) {
    return undefined;
  }
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / runs;
  const squares = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0);
  const half = runs === 1 ? undefined : tQuantile(runs - 1) * Math.sqrt(squares / (runs - 1) / runs);
  return {
    runs,
    mean: mean.toFixed(PLACES),
    low: half === undefined ? null : (mean - half).toFixed(PLACES),
    high: half === undefined ? null : (mean + half).toFixed(PLACES),
    least: Math.min(...figures).toFixed(PLACES),
    most: Math.max(...figures).toFixed(PLACES),
  };
}

/** Above 30 degrees of freedom by Hill's expansion (Abramowitz and Stegun 26.7.5), right to five places there. */
function tQuantile(degrees: number): number {
  const z = Z_975;
  return (
    T_975[degrees - 1] ??
    z +
      (z ** 3 + z) / (4 * degrees) +
      (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
      (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}
