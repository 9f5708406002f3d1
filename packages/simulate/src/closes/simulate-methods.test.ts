import type { EngagementEvent, EventType } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { simulate } from './simulate.ts';

// What close after close adds to the methods, boosts and the lockstep report; their own rules are tested in packages/domain.

let made = 0;
function event(type: EventType, viewerId: string, creatorId: string, date: string, contentId = 'k'): EngagementEvent {
  made += 1;
  const isFollow = type === 'follow' || type === 'unfollow';
  const occurredAt = Date.parse(`2026-${date}T12:00:00Z`);
  return { id: `e${made}`, source: 's', type, viewerId, creatorId, contentId: isFollow ? '' : contentId, occurredAt };
}

const version = (changes: Partial<Policy>, validFrom: string | null = null) => {
  const policy = testPolicy({ timeZone: 'UTC', currency: 'JPY', revenueShare: '1', ...changes });
  return { policy, policyHash: policyHash(policy), validFrom };
};

const registered = (creatorId: string, followers: number, joinedOn: string | null = null): RegisteredCreator => ({
  creatorId,
  handle: null,
  country: null,
  joinedOn,
  followers,
  viewerIds: [],
  taxCountry: null,
  payee: null,
  account: null,
});

function run(
  events: readonly EngagementEvent[],
  policies: readonly ReturnType<typeof version>[],
  creators: (period: string) => readonly RegisteredCreator[] = () => [],
) {
  const revenue = new Map([
    ['2026-10', 100n],
    ['2026-11', 100n],
  ]);
  return simulate({ policies, creators, revenue, events }).periods;
}

describe('user-centric', () => {
  const policies = [version({ allocation: { method: 'user-centric' } })];
  const given = (periods: ReturnType<typeof run>, index: number) =>
    periods[index]?.creators.map(({ creatorId, amount }) => [creatorId, amount]);

  it('a viewer splits by what this close gained: what was paid before is not split again', () => {
    const events = [
      event('like', 'v', 'a', '10-01'),
      event('like', 'w', 'b', '11-01'),
      event('like', 'v', 'b', '11-02'),
      event('like', 'v', 'c', '11-03'),
    ];
    const periods = run(events, policies);
    expect(given(periods, 0)).toEqual([['a', '100']]);
    expect(given(periods, 1)).toEqual([
      ['b', '75'],
      ['c', '25'],
    ]);
  });

  it('a void loss takes nothing from a pair', () => {
    const first = version({
      allocation: { method: 'user-centric' },
      eligibility: { registeredOnly: true, minFollowers: 0, minPoints: '0', minAccountAgeDays: 0 },
    });
    const later = version({ allocation: { method: 'user-centric' } }, '2026-11');
    const events = [
      event('like', 'v', 'a', '10-01', 'k1'), // void: not registered
      event('unlike', 'v', 'a', '11-01', 'k1'),
      event('like', 'v', 'a', '11-02', 'k2'),
      event('like', 'v', 'b', '11-03'),
    ];
    // Half each of this pool and of what October could give nobody.
    expect(given(run(events, [first, later]), 1)).toEqual([
      ['a', '100'],
      ['b', '100'],
    ]);
  });
});

describe('boosts by growth', () => {
  const boosts = [{ name: 'rising', when: { minGrowth: '0.5' }, multiplier: '10' }];
  const points = (periods: ReturnType<typeof run>, creatorId: string) =>
    periods.map(({ creators }) => creators.find((creator) => creator.creatorId === creatorId)?.points);

  it('compare with the followers at the first period’s start, then with those at the close before', () => {
    const events = [
      event('follow', 'old', 'a', '09-01'),
      event('follow', 'v1', 'a', '10-01'), // 1 of 1 + 1
      event('follow', 'v2', 'a', '11-01'), // 1 of 3
      event('follow', 'v1', 'b', '10-01'), // nobody before: no growth
      event('follow', 'v2', 'b', '11-01'), // 1 of 1
    ];
    const periods = run(events, [version({ boosts })], () => [registered('a', 1)]);
    expect(points(periods, 'a')).toEqual(['10', '1']);
    expect(points(periods, 'b')).toEqual(['1', '10']);
  });

  it('count follows before the start only from joining on', () => {
    const events = [event('follow', 'old', 'a', '09-01'), event('follow', 'v', 'a', '10-02')];
    const joined = (date: string) => run(events, [version({ boosts })], () => [registered('a', 0, date)]);
    expect(points(joined('2026-08-01'), 'a')[0]).toBe('10');
    expect(points(joined('2026-09-15'), 'a')[0]).toBe('1');
  });

  it('the followers before are those of the close before, also under a policy without boosts, by its blocked lists', () => {
    const before = version({ risk: { blockedViewers: ['x1', 'x2', 'x3'] } });
    const after = version({ boosts }, '2026-11');
    const events = [
      ...['x1', 'x2', 'x3'].map((viewer) => event('follow', viewer, 'a', '09-01')),
      event('follow', 'v1', 'a', '09-02'),
      event('follow', 'v2', 'a', '11-01'),
    ];
    // Excluded permanently: one follower before, not four.
    expect(points(run(events, [before, after]), 'a')).toEqual([undefined, '10']);
  });
});

describe('lockstep', () => {
  const rule = { viewers: 2, targets: 2, windowSeconds: 86_400, maxWindowViewers: 200 };
  const events = ['v', 'w'].flatMap((viewer) => [
    event('like', viewer, 'a', '10-01', 'k1'),
    event('like', viewer, 'a', '10-02', 'k2'),
    event('follow', viewer, 'a', '11-01'),
  ]);

  it('lists groups of the events that a close judges, outside the result’s hash, where the policy asks', () => {
    const asked = run(events, [version({ risk: { lockstep: rule } })]);
    expect(asked.map(({ lockstep }) => lockstep)).toEqual([[{ viewers: ['v', 'w'], links: 1, matches: 2 }], []]);
    expect(Object.keys(asked[0] ?? {}).at(-1)).toBe('lockstep');
    const hashOf = (changes: Partial<Policy>) =>
      run(events, [{ ...version(changes), policyHash: 'same' }])[0]?.resultHash;
    expect(hashOf({ risk: { lockstep: rule } })).toBe(hashOf({}));
    expect(run(events, [version({})])[0]).not.toHaveProperty('lockstep');
  });

  it('looks at excluded events too', () => {
    const [result] = run(events, [version({ risk: { lockstep: rule, maxLikesPerPair: 1 } })]);
    expect(result?.excluded).toEqual([{ rule: 'maxLikesPerPair', events: 2, points: '2' }]);
    expect(result?.lockstep).toHaveLength(1);
  });
});
