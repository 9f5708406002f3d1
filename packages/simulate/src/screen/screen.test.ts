import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { event } from '@rewardbook/domain/events/test-events';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulated } from '../closes/test-story.ts';
import { type ScreenOptions, screen } from './screen.ts';
import { steadiness, trend } from './steadiness.ts';

const ALL: ScreenOptions = { periods: 99, minFollows: 1, minFollowers: 0, maxFollowers: 1_000_000 };
const { policy } = simulated({ weights: { like: '0.5', follow: '2' } });

/** So many follows of a creator in each month from October. */
const follows = (creatorId: string, ...counts: number[]): EngagementEvent[] =>
  counts.flatMap((count, month) =>
    Array.from({ length: count }, (_, n) => event('follow', `v${month}-${n}`, creatorId, Date.UTC(2026, 9 + month, 5))),
  );
const creator = (creatorId: string, followers: number): RegisteredCreator => ({
  ...{ creatorId, handle: creatorId, country: 'IN', joinedOn: null, followers, viewerIds: [] },
  ...{ taxCountry: null, payee: null, account: null },
});
const list = (events: EngagementEvent[], options: Partial<ScreenOptions> = {}, creators: RegisteredCreator[] = []) =>
  screen(policy, creators, events, { ...ALL, ...options }).creators;

describe('screen', () => {
  it('sets growth against size: peers are those of the same power of ten', () => {
    const creators = [creator('small', 20), creator('peer', 30), creator('large', 2_000), creator('star', 9_000)];
    const events = [...follows('small', 6), ...follows('peer', 2), ...follows('large', 30), ...follows('star', 50)];
    const found = list(events, {}, creators);
    expect(
      found.map(({ creatorId, growth, sizeClass, peers, lift }) => [creatorId, growth, sizeClass, peers, lift]),
    ).toEqual([
      ['small', '0.300000', '10-99', 2, '1.500000'],
      ['star', '0.005556', '1000-9999', 2, '1.250000'],
      ['large', '0.015000', '1000-9999', 2, '0.750000'],
      ['peer', '0.066667', '10-99', 2, '0.500000'],
    ]);
  });

  it('prefers who rises steadily to who flares up once, though both win the same', () => {
    const found = list([...follows('flare', 0, 9, 0), ...follows('riser', 2, 3, 4), ...follows('faller', 4, 3, 2)]);
    expect(found.map(({ creatorId, steadiness: steady, trend: rises }) => [creatorId, steady, rises])).toEqual([
      ['riser', '0.931034', '1.000000'],
      ['flare', '0.333333', '0.000000'],
      ['faller', '0.931034', '-1.000000'],
    ]);
    expect(found[0]).toMatchObject({ points: ['4', '6', '8'], growth: null, followersAfter: 9, score: '0.931034' });
  });

  it('looks at the last periods only, with the followers won before them', () => {
    const [found] = list(follows('c', 4, 2, 1), { periods: 2 }, [creator('c', 6)]);
    expect(found).toMatchObject({ followersBefore: 10, netFollows: 3, followersAfter: 13, points: ['4', '2'] });
    expect(screen(policy, [], follows('c', 4, 2, 1), { ...ALL, periods: 2 }).periods).toEqual(['2026-11', '2026-12']);
  });

  it('takes off what was lost, whatever the conditions of the policy', () => {
    const lost = event('unfollow', 'v0-0', 'c', Date.UTC(2026, 10, 5));
    const strict = { ...policy, eligibility: { ...policy.eligibility, registeredOnly: true } };
    const [found] = screen(strict, [], [...follows('c', 4), lost], ALL).creators;
    expect(found).toMatchObject({ netFollows: 3, points: ['8', '-2'] });
  });

  it('counts by the risk rules', () => {
    const blocked = { ...policy, risk: { blockedViewers: ['v0-0', 'v0-1'] } };
    expect(screen(blocked, [], follows('c', 4), ALL).creators[0]?.netFollows).toBe(2);
  });

  it('leaves out who won too few, or is of another size', () => {
    const events = [...follows('a', 5), ...follows('b', 4)];
    expect(list(events, { minFollows: 5 }).map(({ creatorId }) => creatorId)).toEqual(['a']);
    expect(list(events, { minFollowers: 1 })).toEqual([]);
    expect(list(events, { maxFollowers: 10 }, [creator('a', 11)]).map(({ creatorId }) => creatorId)).toEqual(['b']);
  });

  it('refuses to screen without creators', () => {
    expect(() => screen(policy, [], [], ALL)).toThrow(/there are no events/);
  });
});

describe('steadiness and trend', () => {
  const values = fc.array(fc.bigInt({ min: -5n, max: 100n }), { minLength: 1, maxLength: 12 });

  it('stay within their bounds and do not depend on scale', () => {
    fc.assert(
      fc.property(values, (list) => {
        const steady = steadiness(list);
        expect(steady === 0n || (steady * BigInt(list.length) >= 999_990n && steady <= 1_000_000n)).toBe(true);
        expect(steadiness(list.map((value) => 7n * value))).toBe(steady);
        expect(trend(list) <= 1_000_000n && trend(list) >= -1_000_000n).toBe(true);
        // 0n − x, since the reverse has every pair the other way round.
        expect(trend(list.toReversed())).toBe(0n - trend(list));
      }),
    );
  });
});
