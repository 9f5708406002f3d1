import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creatorOfAccount, payableAccount, poolAccount, taxAccount } from './account.ts';

describe('account codes', () => {
  it.each([
    ['c1', 'creator:c1:payable'],
    ['a:b', 'creator:a%3Ab:payable'],
    ['two  spaces', 'creator:two%20%20spaces:payable'],
    ['50%', 'creator:50%25:payable'],
    ['ü\u{1f600}', 'creator:%C3%BC%F0%9F%98%80:payable'],
    ['x;y/z', 'creator:x%3By%2Fz:payable'],
  ])('ids are percent-encoded: %s', (creatorId, code) => {
    expect(payableAccount(creatorId)).toBe(code);
  });

  it('the others', () => {
    expect([poolAccount('2026-10'), taxAccount('ID')]).toEqual(['pool:2026-10', 'tax:ID']);
  });

  it('different creators have different accounts, with no blank and two colons, and are found again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (creatorId) => {
        const code = payableAccount(creatorId);
        expect(creatorOfAccount(code)).toBe(creatorId);
        expect(code.split(':')).toHaveLength(3);
        expect(code).not.toMatch(/\s/);
      }),
    );
  });
});
