import { describe, expect, it } from 'vitest';
import { amountSchema, currencySchema } from './amounts.ts';

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
