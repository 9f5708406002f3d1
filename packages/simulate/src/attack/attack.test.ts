import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { describe, expect, it } from 'vitest';
import { likes, simulated } from '../closes/test-story.ts';
import { type AttackCase, type AttackPrices, type AttackResult, attack } from './attack.ts';
import { type AttackPlan, fakeEvents } from './fake-events.ts';

const START = Date.UTC(2026, 9, 2);
const inputs = { creators: [], revenue: new Map([['2026-10', 1000n]]) };
const FREE: AttackPrices = { perEvent: '0', perAccount: '0' };
const plan = (changes: Partial<AttackPlan> = {}): AttackPlan => ({
  kind: 'bought-followers',
  creatorIds: ['mallory'],
  events: 10,
  accounts: 10,
  start: START,
  end: START + 3_600_000,
  ...changes,
});
const named = (name: string, changes: Partial<Policy> = {}): AttackCase => ({
  name,
  rules: 'as written',
  ...simulated(changes),
});

function one(
  attacked: AttackPlan,
  prices = FREE,
  changes: Partial<Policy> = {},
  events: EngagementEvent[] = likes({ star: 8, mallory: 2 }),
): AttackResult {
  const [result] = attack(attacked, prices, [named('as written', changes)], inputs, events);
  if (result === undefined) {
    throw new Error('one case has one result');
  }
  return result;
}

describe('attack', () => {
  it('gives what the adversary gains, what an event may cost, and who pays for it', () => {
    // 2 of 10 points become 12 of 20: 200 become 600, out of the star's 800.
    expect(one(plan(), { perEvent: '25', perAccount: '5.5' })).toMatchObject({
      before: '200',
      after: '600',
      gain: '400',
      fakeEvents: 10,
      accounts: 10,
      gainPerEvent: '40',
      breakEvenPrice: '34.5',
      cost: '305',
      profit: '95',
      honestLoss: '400',
      undistributedChange: '0',
      losers: 1,
      hardestHit: { creatorId: 'star', loss: '400' },
      excluded: [],
      suspected: null,
    });
  });

  it('breaks even at its break-even price', () => {
    const { breakEvenPrice } = one(plan({ events: 7, accounts: 7 }), { perEvent: '0', perAccount: '3' });
    const { profit } = one(plan({ events: 7, accounts: 7 }), { perEvent: breakEvenPrice ?? '', perAccount: '3' });
    expect(Math.abs(Number(profit))).toBeLessThan(0.0001);
    expect(one(plan(), { perEvent: '0', perAccount: '1000' }).breakEvenPrice).toBe('0');
  });

  it('says which rules stopped it', () => {
    const stopped = one(plan(), { perEvent: '2', perAccount: '0' }, { risk: { minViewerAgeHours: 24 } });
    // The star's fans are excluded as well: all events of a viewer's first day are.
    expect(stopped).toMatchObject({ gain: '0', excluded: [{ rule: 'minViewerAgeHours', events: 10 }], profit: '-20' });
  });

  it('toggling gains no more than the likes that stay', () => {
    const toggling = plan({ kind: 'toggling', accounts: 1, events: 41 });
    // 41 events of one account are three contents, of which the last stays liked.
    expect(one(toggling)).toMatchObject({ before: '200', after: '273', fakeEvents: 41 });
    const limited = one(toggling, FREE, { risk: { maxTogglesPerEngagement: 2 } });
    expect(limited.excluded[0]?.rule).toBe('maxTogglesPerEngagement');
  });

  it('a whale moves everything pro rata, one part of its own by user', () => {
    const whale = plan({ kind: 'whale', accounts: 1, events: 90 });
    expect(one(whale).after).toBe('920');
    // Nine viewers: eight of before, and the whale with one of nine parts of 1000.
    const byUser = one(whale, FREE, { allocation: { method: 'user-centric' } });
    expect(Number(byUser.gain)).toBeLessThanOrEqual(112);
  });

  it('splitting gains nothing pro rata, and a second part where all get the same', () => {
    const split = plan({ kind: 'split', events: 0, accounts: 2 });
    const fans = likes({ star: 8, mallory: 1 }).concat(likes({ mallory: 3 }, '09'), likes({ mallory: 4 }));
    const contents = fans.map((event, index) => ({
      ...event,
      contentId: `${event.creatorId}-${index}`,
      occurredAt: START,
    }));
    const proRata = one(split, FREE, {}, contents);
    expect(proRata).toMatchObject({ fakeEvents: 0, accounts: 1, gainPerEvent: null, breakEvenPrice: null });
    expect(Math.abs(Number(proRata.gain))).toBeLessThanOrEqual(2);
    const equal = one(split, { perEvent: '0', perAccount: '10' }, { allocation: { method: 'equal' } }, contents);
    expect(equal).toMatchObject({ before: '500', after: '667', gain: '167', cost: '10', profit: '157' });
  });

  it('counts the fake viewers whom the lockstep report lists', () => {
    const risk = { lockstep: { viewers: 3, targets: 2, windowSeconds: 7200, maxWindowViewers: 200 } };
    const result = one(plan({ creatorIds: ['mallory', 'trudy'], events: 20 }), FREE, { risk });
    expect(result.suspected).toBe(10);
  });

  it('tries each case', () => {
    const cases = [named('a'), named('b', { weights: { like: '1', follow: '0' } })];
    const results = [...attack(plan(), FREE, cases, inputs, likes({ star: 8, mallory: 2 }))];
    expect(results.map(({ policy, gain }) => [policy, gain])).toEqual([
      ['a', '400'],
      ['b', '0'],
    ]);
  });
});

describe('fakeEvents', () => {
  it('are as many as asked for, in time, each with its own id', () => {
    const made = fakeEvents(plan({ events: 1000, accounts: 3 }));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1000);
    for (const { occurredAt } of made) {
      expect(occurredAt >= START && occurredAt < START + 3_600_000).toBe(true);
    }
  });
});
