import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PolicyDocument, patchBetween, patched, valueAt, withValueAt } from './policy-document.ts';

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
const document: fc.Arbitrary<PolicyDocument> = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.oneof(scalar, fc.dictionary(fc.constantFrom('x', 'y'), scalar)),
);

describe('the patch between two documents', () => {
  it('makes one of the other, over a link of JSON, and is nothing where they are the same', () => {
    fc.assert(
      fc.property(document, document, (from, to) => {
        const patch = patchBetween(from, to);
        const linked: PolicyDocument = patch === undefined ? {} : JSON.parse(JSON.stringify(patch));
        expect(patched(from, linked)).toEqual(to);
        expect(patchBetween(to, to)).toBeUndefined();
      }),
    );
  });

  it('has only what differs', () => {
    const from = {
      name: 'n',
      weights: { like: '1', follow: '5' },
      allocation: { method: 'pro-rata', maxShare: '0.1' },
    };
    const to = { name: 'n', weights: { like: '1', follow: '9' }, allocation: { method: 'pro-rata' } };
    expect(patchBetween(from, to)).toEqual({ weights: { follow: '9' }, allocation: { maxShare: null } });
  });
});

it('a value is read and set by its path; undefined takes it away', () => {
  const before = { weights: { like: '1' } };
  expect(valueAt(before, 'weights.like')).toBe('1');
  expect(valueAt(before, 'risk.maxLikesPerPair')).toBeUndefined();
  const after = withValueAt(before, 'risk.maxLikesPerPair', 3);
  expect(after).toEqual({ weights: { like: '1' }, risk: { maxLikesPerPair: 3 } });
  expect(withValueAt(after, 'risk.maxLikesPerPair', undefined)).toEqual({ weights: { like: '1' }, risk: {} });
});
