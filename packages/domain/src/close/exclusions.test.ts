import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import type { Engagement } from '../events/engagement.ts';
import { newEngagement } from '../events/test-engagements.ts';
import { event } from '../events/test-events.ts';
import { excludedByRule, exclusions } from './exclusions.ts';

const policy = testPolicy({ weights: { like: '0.5', follow: '2' } });

/** Points that a like at 20 and follows like it would have added, to an engagement in this state. */
function points(
  state: Partial<Engagement>,
  { excludedAt = 20, wasVoid = false, isBlocked = false } = {},
): string | undefined {
  const excluded = event('like', 'v', 'c', excludedAt);
  const gathered = exclusions({ close: 3, programStart: 10, isBlocked: () => isBlocked, wasVoid: () => wasVoid });
  gathered.add('tooLate', excluded, { ...newEngagement(excluded), ...state });
  return excludedByRule(gathered.counts(), policy)[0]?.points;
}

describe('reports show for each rule the events, and the points that they would have added', () => {
  it('in the order of the rules, those without events left out; likes and follows by their weights', () => {
    const gathered = exclusions({ close: 1, programStart: 0, isBlocked: () => false, wasVoid: () => false });
    for (const creatorId of ['c', 'd']) {
      const like = event('like', 'v', creatorId, 1);
      gathered.add('tooLate', like, newEngagement(like));
    }
    const follow = event('follow', 'v', 'c', 1);
    gathered.add('selfEngagement', follow, newEngagement(follow));
    expect(excludedByRule(gathered.counts(), policy)).toEqual([
      { rule: 'selfEngagement', events: 1, points: '2' },
      { rule: 'tooLate', events: 2, points: '1' },
    ]);
  });

  it('several events of one engagement would have added it once', () => {
    const like = event('like', 'v', 'c', 1);
    const engagement = newEngagement(like);
    const gathered = exclusions({ close: 1, programStart: 0, isBlocked: () => false, wasVoid: () => false });
    gathered.add('maxLikesPerPair', like, engagement);
    gathered.add('maxLikesPerPair', event('like', 'v', 'c', 2), engagement);
    expect(excludedByRule(gathered.counts(), policy)).toEqual([{ rule: 'maxLikesPerPair', events: 2, points: '0.5' }]);
  });

  const like = (at: number) => event('like', 'v', 'c', at);
  const unlike = (at: number) => event('unlike', 'v', 'c', at);
  it.each<[string, Partial<Engagement>, string]>([
    ['never earned', {}, '0.5'],
    ['taken back before', { winner: unlike(15) }, '0.5'],
    ['taken back after: it would have been lost again', { winner: unlike(25) }, '0'],
    ['active anyway', { winner: like(15), status: 'gained', gainedAt: 3 }, '0'],
    ['baseline', { winner: unlike(15), status: 'baseline' }, '0'],
    [
      'lost at this close: it would have been kept',
      { winner: unlike(15), status: 'lost', gainedAt: 1, lostAt: 3 },
      '0.5',
    ],
    ['lost long ago', { winner: unlike(15), status: 'lost', gainedAt: 1, lostAt: 2 }, '0'],
  ])('%s: %s', (_name, state, expected) => {
    expect(points(state)).toBe(expected);
  });

  it('what was void had nothing to lose', () => {
    expect(points({ winner: unlike(15), status: 'lost', gainedAt: 1, lostAt: 3 }, { wasVoid: true })).toBe('0');
  });

  it.each<[string, Partial<Engagement>, string]>([
    ['never earned', { winner: like(20) }, '0.5'],
    ['lost by the block alone at this close', { winner: like(20), status: 'suspended', gainedAt: 1, lostAt: 3 }, '0.5'],
    ['lost by a block alone before', { winner: like(20), status: 'suspended', gainedAt: 1, lostAt: 2 }, '0.5'],
    ['overtaken by another that is in the register', { winner: like(25) }, '0'],
    ['lost permanently before', { winner: like(20), status: 'lost', gainedAt: 1, lostAt: 2 }, '0'],
    ['baseline', { winner: like(20), status: 'baseline' }, '0'],
  ])('blocked, and in the register: %s', (_name, state, expected) => {
    expect(points(state, { isBlocked: true })).toBe(expected);
  });

  it('what was given before the program began would have been baseline', () => {
    expect(points({}, { excludedAt: 9 })).toBe('0');
    expect(points({}, { excludedAt: 10 })).toBe('0.5');
  });
});
