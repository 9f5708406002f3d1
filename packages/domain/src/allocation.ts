import { DomainError } from './error.ts';
import type { AllocationMethodName } from './policy.ts';

/**
 * Turns the points used by a close into the whole numbers by which the pool is split.
 *
 * @param points points of the creators with positive ones, × 10^scale, by creatorId in byte order
 * @returns weights in the same order
 */
export type AllocationMethod = (points: readonly bigint[], scale: number) => bigint[];

/** The methods there are. A further one goes here, as a function beside `pro-rata.ts`. */
const METHODS: Readonly<Partial<Record<AllocationMethodName, AllocationMethod>>> = {
  'pro-rata': proRata,
};

/** Throws DomainError `not-available-yet` for a method that is not there. */
export function allocationMethod(name: AllocationMethodName): AllocationMethod {
  const method = METHODS[name];
  if (!method) {
    const available = Object.keys(METHODS).join(', ');
    throw new DomainError('not-available-yet', `The allocation method ${name} is not available yet: use ${available}`);
  }
  return method;
}

/** Points, scaled to integers by the smallest power of ten that makes all whole. */
export function proRata(points: readonly bigint[], scale: number): bigint[] {
  let divisor = 1n;
  for (let digits = 0; digits < scale; digits += 1) {
    const next = divisor * 10n;
    if (points.some((value) => value % next !== 0n)) break;
    divisor = next;
  }
  return divisor === 1n ? points.slice() : points.map((value) => value / divisor);
}
