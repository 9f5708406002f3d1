import type { Currency } from './currency.ts';
import { digitsBeforePoint, quoted, readDecimalText, writeScaled } from './decimal-text.ts';
import { MoneyError } from './error.ts';

/**
 * Minor units of an amount in major units: `"1500.5"` IDR is 150050n. Never rounds: more decimals than the currency has are
 * an error, zeros too. Throws MoneyError `bad-decimal`, `too-many-digits` or `too-many-decimals`.
 */
export function parseAmount(text: string, currency: Currency): bigint {
  const { negative, integer, fraction } = readDecimalText(text);
  if (fraction.length > currency.digits) {
    throw new MoneyError(
      'too-many-decimals',
      `${quoted(text)} has ${fraction.length} decimals, ${currency.code} has ${currency.digits}: amounts are not rounded`,
    );
  }
  const minor = BigInt(integer + fraction.padEnd(currency.digits, '0'));
  return negative ? -minor : minor;
}

/**
 * Most digits before the point of an amount that somebody gives. Sums of what was given are larger, and `parseAmount` has to read
 * them: ten digits more are the sum of ten thousand million of the largest ones.
 */
export const MAX_GIVEN_DIGITS = 30;

/**
 * `parseAmount` for what comes in from outside: a revenue, an adjustment, a line of a statement. What was given before and what the
 * books add up are read by `parseAmount` itself. Throws as it, and MoneyError `too-many-digits` above `MAX_GIVEN_DIGITS`.
 */
export function parseGivenAmount(text: string, currency: Currency): bigint {
  const minor = parseAmount(text, currency);
  const fault = givenAmountFault(text);
  if (fault !== undefined) {
    throw new MoneyError('too-many-digits', fault);
  }
  return minor;
}

/** What is wrong with the size of an amount that somebody gives, as a plain decimal; undefined: nothing. */
export function givenAmountFault(text: string): string | undefined {
  const digits = digitsBeforePoint(text);
  if (digits <= MAX_GIVEN_DIGITS) {
    return undefined;
  }
  return `${quoted(text)} has ${digits} digits before the point: an amount has at most ${MAX_GIVEN_DIGITS}`;
}

/** An amount in major units with all of the currency's digits: 150050n IDR is `"1500.50"`. */
export function formatAmount(minor: bigint, currency: Currency): string {
  return writeScaled(minor, currency.digits);
}
