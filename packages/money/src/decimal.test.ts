import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, formatDecimal, formatScaled, parseDecimal, parseScaled, scaleOf } from './decimal.ts';

describe('decimals', () => {
  it.each([
    ['1.50', '1.5'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['100', '100'],
    ['0.0000000000000000000001', '0.0000000000000000000001'],
    ['1000000000000000000000000000000', '1000000000000000000000000000000'],
  ])('%s is written %s', (text, plain) => {
    expect(formatDecimal(parseDecimal(text))).toBe(plain);
    expect(formatScaled(parseScaled(text, 25), 25)).toBe(plain);
  });

  it('multiplies long decimals exactly', () => {
    const long = `${'9'.repeat(40)}.${'9'.repeat(40)}`;
    const scaled = parseScaled(long, 40);
    expect(formatDecimal(parseDecimal(long).pow(5))).toBe(formatScaled(scaled ** 5n, 200));
  });

  it('needs as many decimals as it has without trailing zeros', () => {
    expect(['1', '2.00', '0.50', '-1.230'].map(scaleOf)).toEqual([0, 0, 1, 2]);
    expect(() => parseScaled('0.05', 1)).toThrow(expect.objectContaining({ code: 'too-many-decimals' }));
  });

  it('refuses what cannot be written', () => {
    expect(() => formatDecimal(new Decimal(Number.NaN))).toThrow(expect.objectContaining({ code: 'bad-decimal' }));
    expect(() => parseDecimal('1e5')).toThrow(expect.objectContaining({ code: 'bad-decimal' }));
  });

  it('agree with scaled bigints', () => {
    const values = fc.bigInt({ min: -(10n ** 39n), max: 10n ** 39n });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 40 }), (value, scale) => {
        const text = formatScaled(value, scale);
        expect(parseScaled(text, scale)).toBe(value);
        expect(formatDecimal(new Decimal(value.toString()).div(new Decimal(10).pow(scale)))).toBe(text);
      }),
    );
  });
});
