import { expect, it } from 'vitest';
import { payoutStatus } from './payout-status.ts';

const due = { isDue: true, isReturned: false };
const waiting = { isDue: false, isReturned: false };

it('is due in a draft, then what its run is', () => {
  expect(payoutStatus('draft', due)).toBe('due');
  expect(payoutStatus('approved', due)).toBe('approved');
  expect(payoutStatus('exported', due)).toBe('exported');
  expect(payoutStatus('settled', due)).toBe('settled');
  expect(payoutStatus('discarded', due)).toBe('discarded');
});

it('waits for as long as its run lasts, unless that is discarded', () => {
  expect(payoutStatus('draft', waiting)).toBe('waiting');
  expect(payoutStatus('settled', waiting)).toBe('waiting');
  expect(payoutStatus('discarded', waiting)).toBe('discarded');
});

it('is returned once it came back, whatever its run is', () => {
  expect(payoutStatus('approved', { isDue: true, isReturned: true })).toBe('returned');
  expect(payoutStatus('settled', { isDue: true, isReturned: true })).toBe('returned');
});
