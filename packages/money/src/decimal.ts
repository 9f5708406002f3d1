import { Decimal as BaseDecimal } from 'decimal.js';
import { quoted, readDecimalText, writeScaled } from './decimal-text.ts';
import { MoneyError } from './error.ts';

/**
 * decimal.js with 500 significant digits: sums and products of any dozen decimals that this package reads (80 digits each)
 * are exact. A quotient is not, in general: divide bigints (`rounding`). Texts are plain at every size.
 */
export const Decimal = BaseDecimal.clone({
  defaults: true,
  precision: 500,
  rounding: BaseDecimal.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type Decimal = BaseDecimal;

/** Reads a plain decimal (no exponent, blank or `+`). Throws MoneyError `bad-decimal` or `too-many-digits`. */
export function parseDecimal(text: string): Decimal {
  readDecimalText(text);
  return new Decimal(text);
}

/** A decimal written plainly: no exponent, no trailing zeros, no −0. Throws MoneyError `bad-decimal` for NaN and infinity. */
export function formatDecimal(value: Decimal): string {
  if (!value.isFinite()) {
    throw new MoneyError('bad-decimal', `${value.toString()} cannot be written as a decimal`);
  }
  return value.isZero() ? '0' : value.toFixed();
}

/** Decimals that the number written in `text` needs: `"0.50"` needs 1, `"2.00"` none. Throws as `parseDecimal`. */
export function scaleOf(text: string): number {
  return withoutTrailingZeros(readDecimalText(text).fraction).length;
}

/**
 * The number in `text` × 10^scale: `parseScaled("0.5", 2)` is 50n. Exact: throws MoneyError `too-many-decimals` where
 * `scaleOf(text) > scale`, else as `parseDecimal`.
 */
export function parseScaled(text: string, scale: number): bigint {
  const { negative, integer, fraction } = readDecimalText(text);
  const needed = withoutTrailingZeros(fraction);
  if (needed.length > scale) {
    throw new MoneyError(
      'too-many-decimals',
      `${quoted(text)} has ${needed.length} decimals, at most ${scale} are possible`,
    );
  }
  const scaled = BigInt(integer + needed.padEnd(scale, '0'));
  return negative ? -scaled : scaled;
}

/** `value × 10^-scale` written plainly: `formatScaled(50n, 2)` is `"0.5"`. */
export function formatScaled(value: bigint, scale: number): string {
  const text = writeScaled(value, scale);
  return scale === 0 ? text : text.replace(/\.?0+$/, '');
}

function withoutTrailingZeros(fraction: string): string {
  return fraction.replace(/0+$/, '');
}
