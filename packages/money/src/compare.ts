/** Order of bigints, the larger first, as `sort` expects it. */
export function compareDescending(a = 0n, b = 0n): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
