import { MoneyError } from './error.ts';

/** ⌊numerator / denominator⌋, also for negative numbers, where bigint's `/` goes towards zero. */
export function divideFloor(numerator: bigint, denominator: bigint): bigint {
  assertDivisor(denominator);
  const quotient = numerator / denominator;
  const remainder = numerator - quotient * denominator;
  return remainder !== 0n && remainder < 0n !== denominator < 0n ? quotient - 1n : quotient;
}

/** numerator / denominator rounded to the nearest whole number, halves to the even one (IEEE 754's roundTiesToEven). */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = divideFloor(numerator, denominator);
  // Same sign as the denominator and smaller, so twice of it compares with the denominator by magnitude.
  const twice = magnitude(2n * (numerator - floor * denominator));
  const whole = magnitude(denominator);
  if (twice !== whole) {
    return twice > whole ? floor + 1n : floor;
  }
  return floor % 2n === 0n ? floor : floor + 1n;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function assertDivisor(denominator: bigint): void {
  if (denominator === 0n) {
    throw new MoneyError('division-by-zero', 'Cannot divide by zero');
  }
}
