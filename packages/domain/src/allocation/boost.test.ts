import { describe, expect, it } from 'vitest';
import { NO_CONDITIONS } from '../../../../test/support/test-policy.ts';
import type { AllocationMethodName, Boost, Policy } from '../policy/policy.ts';
import { closeOfPairs, type Pair } from './test-pairs.ts';

const PAIRS: Pair[] = [
  ['v', 'a', 0, 2],
  ['v', 'b', 3, 0],
  ['v', 'c', -1, 0],
];

function boosted(boosts: Boost[], changes: Partial<Policy> = {}, followers = 10, before = 10) {
  const input = { followers: () => followers, followersBefore: () => before };
  return closeOfPairs(PAIRS, { boosts, ...changes }, input).rows;
}
const points = (rows: ReturnType<typeof boosted>) => rows.map((row) => row.points);

describe('boosts', () => {
  it('multiply in order the positive points of who meets all conditions', () => {
    const rising = {
      name: 'rising',
      when: { minFollowers: 10, maxFollowers: 10, minGrowth: '0.2' },
      multiplier: '1.5',
    };
    const everybody = { name: 'all', when: {}, multiplier: '0.05' };
    expect(points(boosted([rising, everybody]))).toEqual(['0.15', '0.15', '0']);
    expect(boosted([rising, everybody]).map((row) => row.weight)).toEqual(['15', '15', '0']);
  });

  it.each([
    ['too few followers', { minFollowers: 11 }, ['2', '3', '0']],
    ['too many followers', { maxFollowers: 9 }, ['2', '3', '0']],
    ['growth: netFollows / followers before', { minGrowth: '0.2' }, ['4', '3', '0']],
    ['growth a little too small', { minGrowth: '0.200000000000000001' }, ['2', '3', '0']],
    ['growth of zero is met by a creator who lost no follower', { minGrowth: '0' }, ['4', '6', '0']],
  ])('conditions: %s', (_name, when, expected) => {
    expect(points(boosted([{ name: 'b', when, multiplier: '2' }]))).toEqual(expected);
  });

  it('growth is false without followers before', () => {
    expect(points(boosted([{ name: 'b', when: { minGrowth: '0' }, multiplier: '2' }], {}, 10, 0))).toEqual([
      '2',
      '3',
      '0',
    ]);
  });

  it('come after eligibility, and what they make zero is used up and not void', () => {
    const eligibility = { ...NO_CONDITIONS, minPoints: '3' };
    const rows = boosted([{ name: 'b', when: {}, multiplier: '2' }], { eligibility });
    expect(rows).toMatchObject([{ points: '0', void: true }, { points: '6', void: false }, { carriedOut: '-1' }]);
    const none = boosted([{ name: 'b', when: {}, multiplier: '0' }]);
    expect(none).toMatchObject([
      { points: '0', weight: '0', amount: 0n, carriedOut: '0', void: false },
      { points: '0', void: false },
      { points: '0', carriedOut: '-1', void: false },
    ]);
  });

  it('work with square-root and with blend', () => {
    const boosts = [{ name: 'b', when: { minGrowth: '0.2' }, multiplier: '4.5' }];
    const root = boosted(boosts, { allocation: { method: 'square-root' } });
    expect(root.map((row) => row.weight)).toEqual(['3000000000000', '1732050807568', '0']);
    const blend = boosted(boosts, { allocation: { method: 'blend', lambda: '1' } });
    expect(blend.map((row) => row.weight)).toEqual(['750000000000000000', '250000000000000000', '0']);
  });

  it.each<AllocationMethodName>(['user-centric', 'engaged-equal', 'equal'])('are refused with %s', (method) => {
    const boosts = [{ name: 'b', when: {}, multiplier: '2' }];
    expect(() => boosted(boosts, { allocation: { method } })).toThrow(
      `boosts multiply points, which the method ${method} does not use`,
    );
  });
});
