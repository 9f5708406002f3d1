import { expect, it } from 'vitest';
import { describeRequest } from './describe-request.ts';

const said = (kind: Parameters<typeof describeRequest>[0]['kind'], payload: Record<string, unknown>): string =>
  describeRequest({ kind, key: `${kind}:key`, payload }, 'IDR');

it('a request is a sentence with its figures', () => {
  expect(
    said('adjustment', { kind: 'clawback', creatorId: 'c1', amount: '1500.50', reason: 'fraud', reference: 'A1' }),
  ).toBe('clawback c1 by IDR 1,500.50: fraud');
  expect(said('revenue', { period: '2026-10', amount: '1000000.00' })).toBe(
    'Book revenue of IDR 1,000,000.00 for October 2026',
  );
  expect(said('policy', { from: null, policy: {} })).toBe('A new policy from the beginning on');
  expect(said('payees', { creators: [...'abcde'].map((creatorId) => ({ creatorId })) })).toBe(
    'Change the payment details of a, b, c and 2 more',
  );
  expect(said('reversal', { entryKey: 'revenue:A1', reason: 'typed wrongly' })).toBe(
    'Reverse the entry revenue:A1: typed wrongly',
  );
});

it('what this version does not know is named by its key', () => {
  expect(said('close', { month: '2026-10' })).toBe('close:key');
});
