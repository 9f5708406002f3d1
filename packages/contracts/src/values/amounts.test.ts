import { currencyOf } from '@rewardbook/money/currency';
import { describe, expect, it } from 'vitest';
import { amountOf, amountSchema, currencySchema } from './amounts.ts';

describe('amountOf', () => {
  it('reads major units into minor units, exactly, whatever the size', () => {
    expect(amountOf(currencyOf('IDR')).parse('-123456789012345678901234567890.12')).toBe(
      -12345678901234567890123456789012n,
    );
    expect(amountOf(currencyOf('KWD')).parse('1.5')).toBe(1500n);
  });

  it.each([
    ['USD', '0.001', 'USD has 2'],
    ['JPY', '1.0', 'JPY has 0'],
    ['JPY', `1${'0'.repeat(30)}`, 'has 31 digits before the point: an amount has at most 30'],
    ['USD', 1.5, 'a decimal is written in quotes: "1.5", not 1.5'],
    ['USD', '1e3', 'not a plain decimal'],
    ['USD', '+1', 'not a plain decimal'],
    ['USD', null, 'give a decimal in quotes'],
  ])('refuses %s %j', (code, text, message) => {
    const parsed = amountOf(currencyOf(code)).safeParse(text);
    expect(parsed.error?.issues[0]?.message).toContain(message);
  });
});

describe('amountSchema', () => {
  it('bounds the size before the currency is known', () => {
    const refusal = (text: string) => amountSchema.safeParse(text).error?.issues.map(({ message }) => message);
    expect(refusal('9'.repeat(30))).toBeUndefined();
    expect(refusal(`-1${'0'.repeat(30)}`)).toEqual([expect.stringContaining('has 31 digits before the point')]);
    expect(refusal('9'.repeat(41))).toEqual([expect.stringContaining('is too long')]);
  });
});

describe('currencySchema', () => {
  it('knows the codes of ISO 4217, in capitals', () => {
    expect(currencySchema.safeParse('BHD').success).toBe(true);
    expect(currencySchema.safeParse('bhd').success).toBe(false);
    expect(currencySchema.safeParse('').success).toBe(false);
  });
});
