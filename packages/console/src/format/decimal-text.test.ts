import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupDigits, isNegative, isZero, negated, percentOf, readTypedAmount, sumOf } from './decimal-text.ts';

describe('digits in groups', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-1500000.50', '−1,500,000.50'],
    ['43585500000.5012345', '43,585,500,000.5012345'],
    ['123456789012345678901234567890.00', '123,456,789,012,345,678,901,234,567,890.00'],
  ])('%s is %s', (text, grouped) => {
    expect(groupDigits(text)).toBe(grouped);
  });

  it('never change a digit, at any size', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat({ max: 999 }), (whole, cents) => {
        const text = `${whole}.${String(cents).padStart(3, '0')}`;
        expect(groupDigits(text).replaceAll(',', '').replace('−', '-')).toBe(text);
      }),
    );
  });
});

it('tells zero and below zero apart by the text', () => {
  expect(['0', '0.00', '-0.000', '0.01', '-0.01'].map(isZero)).toEqual([true, true, true, false, false]);
  expect(['-0.00', '-0.01', '0.01'].map(isNegative)).toEqual([false, true, false]);
});

it('adds amounts exactly, with the digits of their currency', () => {
  expect(sumOf('IDR', ['0.10', '0.20', '123456789012345678901234567890.01'])).toBe('123456789012345678901234567890.31');
  expect(sumOf('KWD', [])).toBe('0.000');
  expect(negated('JPY', '1500')).toBe('-1500');
});

describe('an amount as a person types it', () => {
  it.each([
    ['1,500,000.5', 'IDR', '1500000.50'],
    [' 1 500 ', 'JPY', '1500'],
    ['−2.125', 'KWD', '-2.125'],
  ])('"%s" in %s is %s', (typed, currency, amount) => {
    expect(readTypedAmount(typed, currency)).toEqual({ amount });
  });

  it.each([
    ['', 'IDR'],
    ['1.5', 'JPY'],
    ['1.005', 'IDR'],
    ['1e3', 'IDR'],
    ['ten', 'IDR'],
  ])('"%s" is refused in %s, never rounded', (typed, currency) => {
    expect(readTypedAmount(typed, currency)).toEqual({ fault: expect.any(String) });
  });
});

it('writes a fraction as a percentage without losing a digit', () => {
  expect(['0.05', '1', '0', '0.123456', '0.5', '0.0001', '12.5'].map(percentOf)).toEqual([
    '5%',
    '100%',
    '0%',
    '12.3456%',
    '50%',
    '0.01%',
    '1,250%',
  ]);
});
