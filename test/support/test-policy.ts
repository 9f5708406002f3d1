import type { Policy } from '@rewardbook/domain/policy/policy';

/** A policy of all defaults, for tests. */
export function testPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    program: 'test',
    name: 'Test',
    currency: 'IDR',
    timeZone: 'Asia/Jakarta',
    period: 'month',
    revenueShare: '0.05',
    weights: { like: '1', follow: '1' },
    allocation: { method: 'pro-rata' },
    eligibility: NO_CONDITIONS,
    boosts: [],
    risk: {},
    maxLatePeriods: 1,
    undistributed: 'rollover',
    payout: { minimum: '0', roundTo: '0.01', holdback: { share: '0', periods: 1 }, withholding: {} },
    approvals: ['payouts', 'adjustments'],
    ...changes,
  };
}

export const NO_CONDITIONS: Policy['eligibility'] = {
  registeredOnly: false,
  minFollowers: 0,
  minPoints: '0',
  minAccountAgeDays: 0,
};
