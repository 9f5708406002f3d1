import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, MAX_GIVEN_DIGITS, parseAmount, parseGivenAmount } from './amount.ts';
import { allCurrencies, currencyOf } from './currency.ts';

describe('amounts', () => {
  it.each([
    ['1500000.00', 'IDR', 150000000n],
    ['1500', 'JPY', 1500n],
    ['1.500', 'KWD', 1500n],
    ['-0.05', 'USD', -5n],
    ['7.5', 'USD', 750n],
    ['-0', 'USD', 0n],
    ['123456789012345678901234567890.12', 'IDR', 12345678901234567890123456789012n],
  ])('%s %s is %i minor units', (text, code, minor) => {
    expect(parseAmount(text, currencyOf(code))).toBe(minor);
  });

  it.each([
    ['1.001', 'IDR', 'too-many-decimals'],
    ['1.000', 'IDR', 'too-many-decimals'],
    ['1.0', 'JPY', 'too-many-decimals'],
    ['1e3', 'IDR', 'bad-decimal'],
    ['1,000', 'IDR', 'bad-decimal'],
    ['+1', 'IDR', 'bad-decimal'],
    [' 1', 'IDR', 'bad-decimal'],
    ['1\n', 'IDR', 'bad-decimal'],
    ['.5', 'IDR', 'bad-decimal'],
    ['5.', 'IDR', 'bad-decimal'],
    ['', 'IDR', 'bad-decimal'],
    ['NaN', 'IDR', 'bad-decimal'],
    ['٣', 'IDR', 'bad-decimal'],
    ['9'.repeat(41), 'IDR', 'too-many-digits'],
  ])('refuses %j %s: %s', (text, currency, code) => {
    expect(() => parseAmount(text, currencyOf(currency))).toThrow(expect.objectContaining({ code }));
  });

  it('that somebody gives have 30 digits before the point at most, so that sums of them can be read', () => {
    const largest = `${'9'.repeat(MAX_GIVEN_DIGITS)}.99`;
    expect(parseGivenAmount(`00${largest}`, currencyOf('IDR'))).toBe(10n ** 32n - 1n);
    const tooLarge = expect.objectContaining({
      code: 'too-many-digits',
      message: expect.stringContaining('at most 30'),
    });
    expect(() => parseGivenAmount(`-1${'0'.repeat(30)}`, currencyOf('IDR'))).toThrow(tooLarge);
    expect(parseAmount(`1${'0'.repeat(30)}.00`, currencyOf('IDR'))).toBe(10n ** 32n);
  });

  it('come back from their text with all digits of the currency', () => {
    const amounts = fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n });
    fc.assert(
      fc.property(amounts, fc.constantFrom(...allCurrencies()), (minor, currency) => {
        const text = formatAmount(minor, currency);
        expect(parseAmount(text, currency)).toBe(minor);
        expect(text.split('.')[1] ?? '').toHaveLength(currency.digits);
      }),
    );
  });
});
