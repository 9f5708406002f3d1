import { MoneyError } from './error.ts';

/** Longest integer part and longest fraction that are read: far above any real amount, and a bound on work and memory. */
const MAX_INTEGER_DIGITS = 40;
const MAX_FRACTION_DIGITS = 40;

const PLAIN_DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
// A text longer than this is not quoted in full in an error.
const QUOTED_CHARACTERS = 60;

/** A decimal as it was written: sign, digits before and after the point. */
export interface DecimalText {
  readonly negative: boolean;
  readonly integer: string;
  readonly fraction: string;
}

/**
 * Takes a plain decimal apart: digits, at most one point with digits on both sides, `-` in front; no exponent, sign `+`,
 * blank or separator. Throws MoneyError `bad-decimal` or `too-many-digits`.
 */
export function readDecimalText(text: string): DecimalText {
  const match = PLAIN_DECIMAL.exec(text);
  if (!match) {
    throw new MoneyError('bad-decimal', `${quoted(text)} is not a plain decimal: write it like "1500.00" or "-0.5"`);
  }
  const [, sign = '', integer = '', fraction = ''] = match;
  if (integer.length > MAX_INTEGER_DIGITS || fraction.length > MAX_FRACTION_DIGITS) {
    throw new MoneyError(
      'too-many-digits',
      `${quoted(text)} is too long: at most ${MAX_INTEGER_DIGITS} digits before and ${MAX_FRACTION_DIGITS} after the point`,
    );
  }
  return { negative: sign === '-', integer, fraction };
}

/** Digits that the whole part of a plain decimal needs: `"0012.5"` needs 2, `"0.5"` none. Throws as `readDecimalText`. */
export function digitsBeforePoint(text: string): number {
  return readDecimalText(text).integer.replace(/^0+/, '').length;
}

/** `value × 10^-digits` with exactly that many digits after the point; zero has no sign. */
export function writeScaled(value: bigint, digits: number): string {
  const negative = value < 0n;
  const text = (negative ? -value : value).toString().padStart(digits + 1, '0');
  const point = text.length - digits;
  const plain = digits === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`;
  return negative ? `-${plain}` : plain;
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text);
}
