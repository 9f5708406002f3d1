import type { RequestOut } from '@rewardbook/contracts/api/approvals';
import { describe, expect, it } from 'vitest';
import { describeApproval } from './approval-needed.ts';

const REQUEST: RequestOut = {
  request: 7,
  kind: 'adjustment',
  key: 'adjustment:A1',
  status: 'pending',
  payload: {},
  payloadHash: 'f'.repeat(64),
  requestedBy: 'ada',
  requestedAt: '2026-11-02T00:00:00.000Z',
  decidedBy: null,
  decidedAt: null,
  note: null,
  outcome: null,
};
const said = (changes: Partial<RequestOut>): string =>
  describeApproval('demo', { approval: { ...REQUEST, ...changes }, poll: '/v1/programs/demo/approvals/7' });
const creators = (...ids: string[]) => ({ creators: ids.map((creatorId) => ({ creatorId, account: 'A' })) });

describe('what waits for a second person is described in words', () => {
  it.each<[string, Partial<RequestOut>]>([
    ['adjustment:A1', {}],
    ['close:2026-10', { kind: 'close', key: 'close:2026-10' }],
    ['the policy from 2027-01', { kind: 'policy', key: 'policy:0f', payload: { from: '2027-01', policy: {} } }],
    ['the policy from the beginning', { kind: 'policy', key: 'policy:0f', payload: { from: null, policy: {} } }],
    ["the return of c1's payout in run 2026-10-1", { kind: 'return', payload: { run: '2026-10-1', creatorId: 'c1' } }],
    ['lifting the hold "fraud" of c1', { kind: 'hold', payload: { hold: '3', creatorId: 'c1', reason: 'fraud' } }],
    ['the change of payment details of c1', { kind: 'payees', payload: creators('c1') }],
    ['the change of payment details of a, b, c and 2 more', { kind: 'payees', payload: creators(...'abcde') }],
  ])('%s', (what, changes) => {
    expect(said(changes)).toBe(
      `${what} waits as request 7: somebody else approves it with "rewardbook approvals approve 7 --program demo"`,
    );
  });

  it('and so is its outcome', () => {
    expect(said({ status: 'approved', decidedBy: 'ben' })).toBe(
      'adjustment:A1 was approved by ben and is about to be done (request 7)',
    );
    expect(() => said({ status: 'rejected', note: 'no' })).toThrow('adjustment:A1 was taken back: no (request 7)');
    expect(() => said({ status: 'failed', decidedBy: 'ben', outcome: 'no-revenue' })).toThrow(
      'adjustment:A1 was approved by ben and could not be done: no-revenue (request 7)',
    );
  });
});
