import type { EngagementEvent, EventType } from '@rewardbook/domain/events/event';
import { event } from '@rewardbook/domain/events/test-events';
import type { Policy } from '@rewardbook/domain/policy/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likes, simulated } from '../closes/test-story.ts';
import { accepted } from '../events/accepted-events.ts';
import { type OutcomeInputs, outcomeUnder } from './outcome.ts';
import { trials } from './trials.ts';

const DAYS = ['2026-09-28', '2026-10-03', '2026-10-20', '2026-11-02', '2026-11-25', '2026-12-09'];

const events: fc.Arbitrary<EngagementEvent[]> = fc.array(
  fc
    .record({
      type: fc.constantFrom<EventType>('like', 'like', 'unlike', 'follow', 'unfollow'),
      viewer: fc.constantFrom('v1', 'v2', 'v3', 'a'),
      creator: fc.constantFrom('a', 'b', 'c'),
      content: fc.constantFrom('k1', 'k2'),
      day: fc.constantFrom(...DAYS),
      hour: fc.integer({ min: 10, max: 20 }),
    })
    .map(({ type, viewer, creator, content, day, hour }) =>
      event(type, viewer, creator, `${day}T${hour}:00:00Z`, {
        contentId: type === 'like' || type === 'unlike' ? `${creator}-${content}` : '',
      }),
    ),
  { minLength: 1, maxLength: 60 },
);

/** What changes who counts, who is void, what shards are asked for, and how money is split. */
const changes: fc.Arbitrary<Partial<Policy>> = fc
  .record({
    weights: fc.constantFrom({ like: '1', follow: '1' }, { like: '1', follow: '3' }, { like: '0', follow: '1' }),
    allocation: fc.constantFrom<Policy['allocation']>(
      { method: 'pro-rata' },
      { method: 'pro-rata', maxShare: '0.4' },
      { method: 'square-root' },
      { method: 'user-centric' },
      { method: 'equal' },
    ),
    minPoints: fc.constantFrom('0', '2', '4'),
    minFollowers: fc.constantFrom(0, 1),
    risk: fc.constantFrom<Policy['risk']>(
      {},
      { maxLikesPerPair: 1 },
      { blockedViewers: ['v1'] },
      {
        maxTogglesPerEngagement: 1,
        lockstep: { viewers: 2, targets: 1, windowSeconds: 86_400, maxWindowViewers: 200 },
      },
    ),
    revenueShare: fc.constantFrom('1', '0.05'),
    undistributed: fc.constantFrom<Policy['undistributed']>('rollover', 'return'),
    growth: fc.boolean(),
  })
  .map(({ minPoints, minFollowers, growth, ...rest }) => ({
    ...rest,
    eligibility: { registeredOnly: false, minFollowers, minPoints, minAccountAgeDays: 0 },
    boosts:
      growth && ['pro-rata', 'square-root'].includes(rest.allocation.method)
        ? [{ name: 'rising', when: { minGrowth: '0.1' }, multiplier: '1.5' }]
        : [],
  }));

const revenue: fc.Arbitrary<OutcomeInputs['revenue']> = fc
  .tuple(
    ...['2026-10', '2026-11', '2026-12'].map((month) => fc.tuple(fc.constant(month), fc.constantFrom(0n, 9n, 1000n))),
  )
  .map((entries) => new Map(entries));

/** A close before, or none. */
const past: fc.Arbitrary<OutcomeInputs['past']> = fc.option(
  changes.map((change) => [{ ...simulated(change), period: '2026-09', creators: [], revenueEntries: 100n }]),
  { nil: undefined },
);

describe('trials', () => {
  it('give every policy what it gives on its own, whichever were tried before', () => {
    fc.assert(
      fc.property(
        events,
        revenue,
        past,
        fc.array(changes, { minLength: 2, maxLength: 7 }),
        (given, amounts, closes, policies) => {
          const inputs = { creators: [], revenue: amounts, past: closes };
          const trial = trials(inputs, given);
          const later = trials(inputs, given, 'later');
          for (const policy of policies) {
            const alone = outcomeUnder(simulated(policy), inputs, given);
            expect(trial(simulated(policy))).toEqual(alone);
            expect(later(simulated(policy))).toEqual(alone);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('look at events once for policies that judge alike, and again where other points were void', () => {
    const story = accepted([...likes({ a: 3, b: 1 }), ...likes({ a: 2 }, '11')]);
    let looks = 0;
    const counted = new Proxy(story, {
      get(target, name) {
        if (name === 'freeze') {
          looks += 1;
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const revenues = new Map([
      ['2026-10', 100n],
      ['2026-11', 100n],
    ]);
    const trial = trials({ creators: [], revenue: revenues }, counted);
    trial(simulated());
    trial(simulated({ weights: { like: '2', follow: '1' }, revenueShare: '0.5' }));
    trial(simulated({ allocation: { method: 'equal', maxShare: '0.5' } }));
    expect(looks).toBe(1);
    trial(simulated({ eligibility: { registeredOnly: false, minFollowers: 0, minPoints: '2', minAccountAgeDays: 0 } }));
    expect(looks).toBe(2); // b's points are void, so its likes would cost nothing when they are lost
    trial(simulated({ risk: { maxLikesPerPair: 1 } }));
    expect(looks).toBe(3);
  });

  it('with one like or follow more are what they are where one viewer more gave it on the last day', () => {
    const given = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom<EventType>('like', 'follow')), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        given,
        fc.array(changes, { minLength: 2, maxLength: 4 }),
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom<'like' | 'follow'>('like', 'follow'),
        (list, policies, creatorId, kind) => {
          const at = (type: EventType, creator: string, viewer: string, day: string) =>
            event(type, viewer, creator, `${day}T12:00:00Z`, { contentId: type === 'like' ? `${creator}-k` : '' });
          const story = list.map(([creator, type], index) =>
            at(type, creator, `v${index}`, index % 2 === 0 ? '2026-10-05' : '2026-11-05'),
          );
          const inputs = {
            creators: [],
            revenue: new Map([
              ['2026-10', 1000n],
              ['2026-11', 1000n],
            ]),
          };
          const trial = trials(inputs, story);
          for (const change of policies) {
            const policy = simulated({ ...change, risk: {} });
            trial(policy); // whose columns are known then
            const more = outcomeUnder(policy, inputs, [...story, at(kind, creatorId, 'another', '2026-11-30')]);
            expect(trial(policy, { creatorId, kind })).toEqual(more);
          }
        },
      ),
      { numRuns: 80 },
    );
  });
});
