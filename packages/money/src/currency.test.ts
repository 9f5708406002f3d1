import currencyCodes from 'currency-codes';
import { describe, expect, it } from 'vitest';
import { allCurrencies, currencyOf } from './currency.ts';

// ISO 4217 gives these no minor unit; the package shows 0 for "N.A.".
const WITHOUT_MINOR_UNIT = ['XAG', 'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XPD', 'XPT', 'XSU', 'XTS', 'XUA', 'XXX'];
// Added by ISO after the package's list of 2024-06-25.
const NEWER_THAN_PACKAGE = ['XCG'];

describe('currency table', () => {
  it("agrees with the package's copy of ISO 4217", () => {
    const theirs = currencyCodes.data
      .filter(({ code }) => !WITHOUT_MINOR_UNIT.includes(code))
      .map(({ code, digits }) => `${code} ${digits}`)
      .sort();
    const ours = allCurrencies()
      .filter(({ code }) => !NEWER_THAN_PACKAGE.includes(code))
      .map(({ code, digits }) => `${code} ${digits}`);
    expect(ours).toEqual(theirs);
  });

  it.each([
    ['IDR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['INR', 2],
    ['BRL', 2],
    ['NGN', 2],
    ['KES', 2],
    ['SAR', 2],
    ['KWD', 3],
    ['BHD', 3],
    ['VND', 0],
    ['CLP', 0],
    ['USD', 2],
  ])('%s has %i digits', (code, digits) => {
    expect(currencyOf(code)).toEqual({ code, digits });
  });

  it.each(['', 'idr', 'XXX', 'EURO', '__proto__'])('refuses %j', (code) => {
    expect(() => currencyOf(code)).toThrow(expect.objectContaining({ code: 'unknown-currency' }));
  });
});
