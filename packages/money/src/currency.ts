import { CURRENCY_CODES_BY_DIGITS } from './currency-table.ts';
import { MoneyError } from './error.ts';

/** An ISO 4217 currency and its exponent: amounts are whole numbers of 10^-digits. */
export interface Currency {
  readonly code: string;
  readonly digits: number;
}

const currencies: ReadonlyMap<string, Currency> = new Map(
  [...CURRENCY_CODES_BY_DIGITS].flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code): [string, Currency] => [code, Object.freeze({ code, digits })]),
  ),
);

/** The currency with this code, in capitals as ISO writes it. Throws MoneyError `unknown-currency`. */
export function currencyOf(code: string): Currency {
  const currency = currencies.get(code);
  if (!currency) {
    throw new MoneyError(
      'unknown-currency',
      `Unknown currency ${JSON.stringify(code)}: use an ISO 4217 code such as IDR`,
    );
  }
  return currency;
}

/** Every known currency, by code. */
export function allCurrencies(): Currency[] {
  return [...currencies.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
