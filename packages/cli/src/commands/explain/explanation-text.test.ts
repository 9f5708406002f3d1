import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { expect, it } from 'vitest';
import { describeExplanation } from './explanation-text.ts';

const HASH = 'ab'.repeat(32);
const TOLD: Explanation = {
  program: 'p',
  period: '2026-10',
  creator: 'c1',
  currency: 'IDR',
  close: {
    number: 1,
    start: '2026-09-30T17:00:00.000Z',
    end: '2026-10-31T17:00:00.000Z',
    policyVersion: 1,
    policyHash: HASH,
    resultHash: HASH,
    closedAt: '2026-11-01T00:00:00.000Z',
  },
  events: {
    counted: { likes: 2, unlikes: 1, follows: 0, unfollows: 0 },
    excluded: [{ rule: 'tooLate', likes: 1, follows: 0 }],
    link: '/events',
  },
  engagements: {
    gained: { likes: 2, follows: 0 },
    lost: { likes: 0, follows: 0 },
    lostVoid: { likes: 0, follows: 0 },
    link: '/engagements',
  },
  points: {
    likeWeight: '1',
    followWeight: '2.5',
    netLikes: 2,
    netFollows: 0,
    carriedIn: '0',
    total: '2',
    carriedOut: '0',
    boosts: [
      { name: 'rising', multiplier: '1.5', applied: true },
      { name: 'star', multiplier: '0.5', applied: false },
    ],
    used: '3',
    void: false,
  },
  eligibility: {
    eligible: true,
    conditions: [{ condition: 'minFollowers', required: '10', seen: '12', holds: true }],
  },
  pool: {
    revenue: '1000.00',
    revenueEntries: '1000.00',
    revenueCarriedIn: '0.00',
    revenueShare: '0.05',
    funded: '50.00',
    rolledOver: '0.00',
    pool: '50.00',
    allocated: '50.00',
    undistributed: '0.00',
  },
  share: {
    method: 'pro-rata',
    weight: '2',
    totalWeight: '3',
    units: { viewers: 3, units: '1500000000000000000' },
    sharingCreators: 2,
    cap: null,
    roundPool: '50.00',
    roundTotalWeight: '3',
    quota: { numerator: '10000', denominator: '3', reducedNumerator: '10000', reducedDenominator: '3' },
    floor: '33.33',
    remainder: '1',
    rank: 2,
    rankedCreators: 2,
    unitsLeft: '1',
    getsUnit: false,
    amount: '33.33',
  },
  amount: '33.33',
  payout: { holdback: { amount: '3.33', releasedAfter: '2026-11' }, payments: [] },
  entries: [
    {
      seq: 2,
      entryKey: 'close:2026-10',
      kind: 'close',
      role: 'close',
      effectiveAt: '2026-10-31',
      postedAt: '2026-11-01T00:00:00.000Z',
      hash: HASH,
      postings: [{ line: 3, account: 'creator:c1:payable', amount: '-33.33' }],
      link: '/entry',
    },
  ],
  entriesLink: '/statement',
};

it('puts the whole derivation on one page', () => {
  const text = describeExplanation(TOLD);
  for (const expected of [
    'IDR 33.33',
    '2 likes, 1 unlike, 0 follows, 0 unfollows',
    'excluded: tooLate  1 like, 0 follows',
    '0 carried in + 1 × 2 likes + 2.5 × 0 follows = 2',
    'boost rising  × 1.5: applied',
    'boost star    × 0.5: not applied',
    'met: asks 10, saw 12',
    '1,500,000,000,000,000,000 of 3 viewers, who split 10^18 each',
    '10000/3 = 10000/3 minor units',
    '2 of 2 remainders: gets none of 1 minor units left',
    '3.33, released after 2026-11',
    `2 close:2026-10  ${HASH}  creator:c1:payable -33.33`,
  ]) {
    expect(text).toContain(expected);
  }
});
