import { currencyOf } from '@rewardbook/money/currency';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../test/reference/hash.ts';
import { closePostings } from '../books/close-entry.ts';
import { balanced } from '../books/posting.ts';
import { resultHasher } from '../close/result.ts';
import type { CloseParts } from './close-parts.ts';
import { givenByParts, withGiven } from './given.ts';
import { printedParts } from './printed-parts.ts';

const currency = currencyOf('KWD');

/** One of everything. */
const PARTS: CloseParts = {
  campaigns: [
    {
      campaign: 'relay',
      pool: 1000n,
      allocated: 600n,
      undistributed: 400n,
      creators: [
        { creatorId: 'a', netLikes: 2, carriedIn: '0', carriedOut: '0', points: '2', amount: 600n },
        { creatorId: 'b', netLikes: -1, carriedIn: '0', carriedOut: '-1', points: '0', amount: 0n },
      ],
      returned: { sponsor: 'acme', amount: 400n },
    },
  ],
  contentsHash: 'contents',
  gifts: [
    { creatorId: 'a', gifted: 101n, carriedIn: -1n, carriedOut: 0n, amount: 50n },
    { creatorId: 'c', gifted: -7n, carriedIn: 0n, carriedOut: -7n, amount: 0n },
  ],
  commissions: [{ scoutId: 's', creatorId: 'a', amount: 60n }],
  shares: [{ creatorId: 'a', memberId: 'm', amount: 100n }],
  agreementsHash: 'agreements',
  benefits: [{ name: 'cart', granted: ['a'], withdrawn: ['b'], holders: ['a', 'c'] }],
};
const POOL = { funded: 0n, rolledOver: 0n, allocated: 0n, undistributed: 0n };
const BY_CREATOR = { undistributed: 'rollover', scouts: { share: '0.1', periods: 1, paidBy: 'creator' } } as const;

describe('what a close gives besides the pool', () => {
  it('is hashed in the order of canonical JSON, around what is hashed as it comes', () => {
    const hasher = resultHasher(currency, PARTS);
    hasher.add('a', 1, 0, '1', 5n);
    const header = {
      ...{
        program: 'p',
        period: '2026-10',
        bounds: { start: 0, end: 1 },
        currency,
        policyHash: 'h',
        creatorsHash: 'r',
      },
      ...{ revenue: 0n, pool: 5n, undistributed: 0n },
    };
    expect(hasher.digest(header)).toBe(
      sha256(
        '{"agreementsHash":"agreements","allocations":[["a",1,0,"1","0.005"]],"benefits":[["cart",["a"],["b"]]],' +
          '"campaigns":[["relay","1.000","0.400",[["a",2,"2","0.600"],["b",-1,"0","0.000"]]]],"commissions":[["s","a","0.060"]],' +
          '"contentsHash":"contents","creatorsHash":"r","currency":"KWD","end":"1970-01-01T00:00:00.001Z",' +
          '"gifts":[["a","0.101","0.050"],["c","-0.007","0.000"]],"period":"2026-10","policyHash":"h","pool":"0.005",' +
          '"program":"p","revenue":"0.000","shares":[["a","m","0.100"]],"start":"1970-01-01T00:00:00.000Z","undistributed":"0.000"}',
      ),
    );
  });

  it('is posted after the pool, part by part, and sums to zero', () => {
    const lines = balanced(closePostings('2026-10', BY_CREATOR, { pool: POOL, creators: [], parts: PARTS }));
    expect([...lines].slice(2).map(({ account, amount }) => `${account} ${amount}`)).toEqual([
      'campaign:relay 600',
      'creator:a:payable -600',
      'platform:gift-receivable 100',
      'creator:a:payable -50',
      'platform:gift-revenue -50',
      'creator:a:payable 60',
      'creator:s:payable -60',
      'creator:a:payable 100',
      'creator:m:payable -100',
      'campaign:relay 400',
      'sponsor:acme:receivable -400',
    ]);
  });

  it('comes to what each creator is given on top of the pool', () => {
    const given = givenByParts(PARTS, BY_CREATOR);
    expect([...given]).toEqual([
      ['a', 490n],
      ['s', 60n],
      ['m', 100n],
    ]);
    const rows = ['b', 'm'].map((creatorId) => ({ creatorId, points: '1', amount: 1n }));
    expect([...withGiven(rows, given)].map(({ creatorId, points, amount }) => [creatorId, points, amount])).toEqual([
      ['a', '0', 490n],
      ['b', '1', 1n],
      ['m', '1', 101n],
      ['s', '0', 60n],
    ]);
  });

  it('is printed in its order, and not at all where a close has none of it', () => {
    expect(Object.keys(printedParts(PARTS, currency))).toEqual([
      'campaigns',
      'gifts',
      'commissions',
      'shares',
      'benefits',
    ]);
    expect(JSON.stringify(printedParts(PARTS, currency).gifts?.[0])).toBe(
      '{"creatorId":"a","gifted":"0.101","carriedIn":"-0.001","carriedOut":"0.000","amount":"0.050"}',
    );
    expect(printedParts({}, currency)).toEqual({});
  });
});
