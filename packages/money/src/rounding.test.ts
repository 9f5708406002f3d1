import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from './decimal.ts';
import { divideFloor, divideHalfEven } from './rounding.ts';

const numerators = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
const divisors = fc.oneof(fc.constantFrom(-2n, 2n, 4n, 20n), numerators).filter((value) => value !== 0n);

describe('division', () => {
  it.each([
    [5n, 2n, 2n, 2n],
    [7n, 2n, 3n, 4n],
    [-5n, 2n, -3n, -2n],
    [-7n, 2n, -4n, -4n],
    [5n, -2n, -3n, -2n],
    [1n, 3n, 0n, 0n],
    [-1n, 3n, -1n, 0n],
    [-2n, 3n, -1n, -1n],
    [6n, 3n, 2n, 2n],
  ])('%i / %i: floor %i, half even %i', (numerator, denominator, floor, halfEven) => {
    expect(divideFloor(numerator, denominator)).toBe(floor);
    expect(divideHalfEven(numerator, denominator)).toBe(halfEven);
  });

  it('agrees with decimal.js', () => {
    fc.assert(
      fc.property(numerators, divisors, (numerator, denominator) => {
        const quotient = new Decimal(numerator.toString()).div(denominator.toString());
        expect(divideFloor(numerator, denominator).toString()).toBe(
          quotient.floor().isZero() ? '0' : quotient.floor().toFixed(0),
        );
        const rounded = quotient.toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN);
        expect(divideHalfEven(numerator, denominator).toString()).toBe(rounded.isZero() ? '0' : rounded.toFixed(0));
      }),
    );
  });

  it('refuses zero', () => {
    expect(() => divideFloor(1n, 0n)).toThrow(expect.objectContaining({ code: 'division-by-zero' }));
    expect(() => divideHalfEven(1n, 0n)).toThrow(expect.objectContaining({ code: 'division-by-zero' }));
  });
});
