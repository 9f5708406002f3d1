/**
 * Indexes of the `count` largest values, in no order; of equal values the smaller index comes first. Values are ranked by their float64
 * estimates, which a typed array sorts natively: conversion is monotone, so a larger estimate is a larger value, and only
 * values that share the estimate at the limit are compared exactly.
 */
export function indexesOfLargest(values: readonly bigint[], count: number): number[] {
  if (count <= 0) {
    return [];
  }
  if (count >= values.length) {
    return values.map((_, index) => index);
  }
  const estimates = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    estimates[index] = Number(values[index]);
  }
  const limit = estimates.toSorted()[values.length - count] ?? 0;
  const chosen: number[] = [];
  const atLimit: number[] = [];
  for (let index = 0; index < estimates.length; index++) {
    const estimate = estimates[index] ?? 0;
    if (estimate > limit) {
      chosen.push(index);
    } else if (estimate === limit) {
      atLimit.push(index);
    }
  }
  atLimit.sort((a, b) => compareDescending(values[a], values[b]) || a - b);
  return chosen.concat(atLimit.slice(0, count - chosen.length));
}

/** Order of bigints, the larger first, as `sort` expects it. */
export function compareDescending(a = 0n, b = 0n): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
