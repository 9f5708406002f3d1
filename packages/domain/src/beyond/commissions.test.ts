import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { testClose } from '../close/test-close.ts';
import { commissionsOf, lastScoutedPeriod } from './commissions.ts';

const scouted = (creatorId: string, scoutedOn: string, scoutId = 's') => ({ creatorId, scoutId, scoutedOn });

describe('commissions', () => {
  it('are the floor of the share, of 30 digits too, by scout and creator, without those of zero', () => {
    const given = new Map([
      ['a', 10n ** 29n + 19n],
      ['b', 29n],
      ['c', 9n],
    ]);
    const all = [
      scouted('b', '2026-10-01', 't'),
      scouted('c', '2026-10-01'),
      scouted('b', '2026-10-01'),
      scouted('a', '2026-10-01'),
    ];
    expect(commissionsOf({ share: '0.1', periods: 1 }, '2026-10', all, given)).toEqual([
      { scoutId: 's', creatorId: 'a', amount: 10n ** 28n + 1n },
      { scoutId: 's', creatorId: 'b', amount: 2n },
      { scoutId: 't', creatorId: 'b', amount: 2n },
    ]);
  });

  it.each([
    ['2026-10', '2026-10-31', true],
    ['2026-10', '2026-11-01', false],
    ['2027-01', '2026-10-31', true],
    ['2027-02', '2026-10-31', false],
    ['2027-W01', '2026-12-28', true],
    ['2026-W53', '2027-01-04', false],
    ['2027-W03', '2027-01-03', true],
    ['2027-W04', '2027-01-03', false],
    ['2026-10-04', '2026-10-01', true],
    ['2026-10-05', '2026-10-01', false],
  ])('of %s for who was scouted on %s, in four periods: %s', (period, scoutedOn, gets) => {
    const rows = commissionsOf({ share: '1', periods: 4 }, period, [scouted('a', scoutedOn)], new Map([['a', 5n]]));
    expect(rows).toHaveLength(gets ? 1 : 0);
  });

  it('end with a period that can be named', () => {
    expect(lastScoutedPeriod('month', '2026-10-31', 4)).toBe('2027-01');
    expect(lastScoutedPeriod('week', '2027-01-03', 4)).toBe('2027-W03');
    expect(lastScoutedPeriod('day', '2026-12-31', 2)).toBe('2027-01-01');
  });

  it('are of what the close allocates, and scouts of scouts get nothing for them', () => {
    const policy = testPolicy({ revenueShare: '1', scouts: { share: '0.5', periods: 1, paidBy: 'platform' } });
    const { parts } = testClose({
      policy,
      creators: [{ creatorId: 'a', netLikes: 1, netFollows: 0, carriedIn: '0' }],
      beyond: { scouted: [scouted('a', '2026-10-01', 'b'), scouted('b', '2026-10-01', 'c')] },
    });
    expect(parts).toEqual({ commissions: [{ scoutId: 'b', creatorId: 'a', amount: 500n }] });
  });
});
