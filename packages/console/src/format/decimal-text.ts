import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { type Currency, currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';

const MINUS = '\u2212';

/** A decimal with its digits in groups of three and a real minus sign: "-1500000.50" is "−1,500,000.50". No digit changes. */
export function groupDigits(text: string): string {
  const [integer = '', fraction] = text.replace(/^-/, '').split('.');
  const grouped = integer.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = text.startsWith('-') ? MINUS : '';
  return fraction === undefined ? sign + grouped : `${sign}${grouped}.${fraction}`;
}

export function isNegative(text: string): boolean {
  return text.startsWith('-') && !isZero(text);
}

export function isZero(text: string): boolean {
  return /^-?0*(?:\.0*)?$/.test(text);
}

/** Adds amounts of a currency, exactly. @throws MoneyError for a text that is not one */
export function sumOf(currencyCode: string, amounts: readonly string[]): string {
  const currency = currencyOf(currencyCode);
  return formatAmount(
    amounts.reduce((sum, amount) => sum + parseAmount(amount, currency), 0n),
    currency,
  );
}

export function negated(currencyCode: string, amount: string): string {
  const currency = currencyOf(currencyCode);
  return formatAmount(-parseAmount(amount, currency), currency);
}

/** Minor units, to order by. */
export function minorUnits(currencyCode: string, amount: string): bigint {
  return parseAmount(amount, currencyOf(currencyCode));
}

/**
 * What a person typed as an amount, as the services take it: blanks and commas between groups are dropped, missing decimals
 * filled in.
 */
export function readTypedAmount(
  text: string,
  currencyCode: string,
): { readonly amount: string } | { readonly fault: string } {
  const currency: Currency = currencyOf(currencyCode);
  const plain = text
    .trim()
    .replace(/[\s,'\u00a0\u202f]/g, '')
    .replace(MINUS, '-');
  if (plain === '') {
    return { fault: 'Give an amount' };
  }
  try {
    return { amount: formatAmount(parseAmount(plain, currency), currency) };
  } catch (error) {
    if (error instanceof MoneyError) {
      return { fault: error.message };
    }
    throw error;
  }
}

/** A fraction as a percentage, exactly: "0.05" is "5%", "0.123456" is "12.3456%". */
export function percentOf(fraction: string): string {
  const [integer = '0', decimals = ''] = fraction.replace(/^-/, '').split('.');
  const digits = decimals.padEnd(2, '0');
  const whole = `${integer}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(2).replace(/0+$/, '');
  const sign = fraction.startsWith('-') ? MINUS : '';
  return `${sign}${groupDigits(whole)}${rest === '' ? '' : `.${rest}`}%`;
}
