export const amount = 1;
export interface Allocation {
  readonly points: number | undefined;
  readonly netLikes: number;
}
export function payoutOf(weights: readonly number[]): Promise<number> {
  const [share] = weights;
  return Promise.resolve(share ?? 0);
}
export const balances = new Map<string, number>();
export const poolSize = 10;
export const weightOf = (): bigint => 1n;
