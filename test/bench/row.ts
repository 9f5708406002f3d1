/** One measured figure next to its floor or peer of the same run, both medians, in the same unit. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  /** ours / floor: for times below 1 is faster than the floor, for rates above 1. */
  readonly ratio: number;
  readonly unit: string;
}
