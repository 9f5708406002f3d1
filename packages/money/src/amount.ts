import type { Currency } from './currency.ts';
import { quoted, readDecimalText, writeScaled } from './decimal-text.ts';
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

/** An amount in major units with all of the currency's digits: 150050n IDR is `"1500.50"`. */
export function formatAmount(minor: bigint, currency: Currency): string {
  return writeScaled(minor, currency.digits);
}
