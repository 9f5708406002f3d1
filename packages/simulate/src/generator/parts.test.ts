import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { describe, expect, it } from 'vitest';
import { generateEvents } from './events.ts';
import { spreadOver } from './part.ts';
import { ADVERSARY_KINDS, type AdversaryKind, type AdversarySettings, type Scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;

const everyday: Scenario = {
  seed: 11,
  events: 6_000,
  creators: 60,
  viewers: 900,
  firstPeriod: '2026-10',
  lastPeriod: '2026-10',
  timeZone: 'UTC',
  popularityShift: 1,
  activityShift: 50,
  loyaltyProbability: 0.4,
  followProbability: 0.2,
  unlikeProbability: 0.1,
  unfollowProbability: 0.1,
  selfEngagementProbability: 0,
  activityByHour: new Array(24).fill(1),
  activityByWeekday: new Array(7).fill(1),
};
const START = Date.UTC(2026, 9, 1);

const events = (changes: Partial<Scenario> = {}): EngagementEvent[] => [...generateEvents({ ...everyday, ...changes })];
const adversary = (kind: AdversaryKind, changes: Partial<AdversarySettings> = {}): AdversarySettings => ({
  kind,
  creators: [20, 22],
  accounts: kind === 'split' ? 3 : 5,
  eventFraction: kind === 'split' ? 0 : 0.1,
  startHour: 100,
  hours: 48,
  ...changes,
});
/** What an adversary made, among all events. */
const fake = (all: EngagementEvent[]) => all.filter(({ viewerId }) => viewerId.startsWith('x1-'));
const engagements = (all: EngagementEvent[]) =>
  new Set(all.map(({ viewerId, creatorId, contentId }) => `${viewerId} ${creatorId} ${contentId}`));

describe('spreadOver', () => {
  it('follows the curve and is exact in sum', () => {
    expect([
      ...spreadOver(6, 100, 1, [
        [2, 0.5],
        [3, 1],
      ]),
    ]).toEqual([0, 25, 25, 50, 0, 0]);
  });

  it('puts what would come after the last hour into it', () => {
    expect([...spreadOver(3, 100, 1, [[4, 1]])]).toEqual([0, 25, 75]);
  });
});

describe('parts of a scenario', () => {
  it.each(ADVERSARY_KINDS)('with an adversary of kind %s there are as many events as asked for, in order', (kind) => {
    const all = events({ adversaries: [adversary(kind)] });
    expect(all).toHaveLength(everyday.events);
    for (const [index, { id, occurredAt }] of all.entries()) {
      expect(id > (all[index - 1]?.id ?? '') && occurredAt >= (all[index - 1]?.occurredAt ?? 0)).toBe(true);
    }
    expect(fake(all)).toHaveLength(kind === 'split' ? 0 : 600);
    for (const { occurredAt } of fake(all)) {
      expect(occurredAt >= START + 100 * HOUR_MS && occurredAt < START + 148 * HOUR_MS).toBe(true);
    }
  });

  it('bought followers follow each creator once, all of them', () => {
    const made = fake(events({ adversaries: [adversary('bought-followers', { accounts: 200 })] }));
    expect(made.every(({ type }) => type === 'follow')).toBe(true);
    expect(engagements(made).size).toBe(600);
    expect(new Set(made.map(({ viewerId }) => viewerId)).size).toBe(200);
  });

  it('fake viewers and a whale like ever new contents', () => {
    for (const kind of ['fake-viewers', 'whale'] as const) {
      const made = fake(events({ adversaries: [adversary(kind)] }));
      expect(engagements(made).size).toBe(600);
      expect(new Set(made.map(({ viewerId }) => viewerId)).size).toBe(kind === 'whale' ? 1 : 5);
    }
  });

  it('in a ring each likes all the others, and no one themselves', () => {
    const made = fake(events({ adversaries: [adversary('like-ring')] }));
    expect(engagements(made).size).toBe(600);
    const pairs = new Set(made.map(({ viewerId, creatorId }) => `${viewerId} ${creatorId}`));
    expect([...pairs].sort()).toEqual([
      'x1-1 c0000021',
      'x1-1 c0000022',
      'x1-2 c0000020',
      'x1-2 c0000022',
      'x1-3 c0000020',
      'x1-3 c0000021',
    ]);
  });

  it('toggling gives and takes back', () => {
    const made = fake(events({ adversaries: [adversary('toggling')] }));
    const types = made.filter(({ viewerId }) => viewerId === 'x1-1').map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['like', 'unlike', 'like', 'unlike']);
    expect(engagements(made).size).toBeLessThan(60);
  });

  it('a creator who splits shares the same engagement among several accounts', () => {
    const of = (all: EngagementEvent[], account: RegExp) =>
      all.filter(({ creatorId }) => account.test(creatorId)).length;
    const split = events({ adversaries: [adversary('split', { creators: [1, 1] })] });
    const whole = /^c0000001(-s\d)?$/;
    expect(of(split, whole)).toBe(of(events(), whole));
    for (const account of [/^c0000001$/, /^c0000001-s2$/, /^c0000001-s3$/]) {
      expect(of(split, account)).toBeGreaterThan(of(split, whole) / 5);
    }
  });

  it('a burst follows its curve; nobody follows twice while there are viewers left', () => {
    const burst = {
      creators: [40, 40] as const,
      eventFraction: 0.1,
      startHour: 240,
      curve: [
        [3.5, 0.25],
        [13, 0.5],
        [120, 1],
      ] as const,
      followProbability: 1,
      content: undefined,
    };
    const all = events({ bursts: [burst], followProbability: 0 });
    const followers = all.filter(({ type }) => type === 'follow');
    expect(followers).toHaveLength(600);
    expect(new Set(followers.map(({ viewerId }) => viewerId)).size).toBe(600);
    const by = (hour: number) =>
      followers.filter(({ occurredAt }) => occurredAt < START + (240 + hour) * HOUR_MS).length;
    expect([by(0), by(13), by(120)]).toEqual([0, 300, 600]);
  });

  it('a challenge is one content at many creators', () => {
    const challenge = { creators: [10, 29] as const, eventFraction: 0.1, startHour: 0, curve: [[240, 1]] as const };
    const all = events({ bursts: [{ ...challenge, followProbability: 0, content: 'relay' }] });
    const given = all.filter(({ contentId, type }) => contentId === 'relay' && type === 'like');
    expect(given).toHaveLength(600);
    expect(new Set(given.map(({ creatorId }) => creatorId)).size).toBe(20);
  });

  it('grows, and keeps to villages', () => {
    const all = events({ growthFactor: 4, communities: 6, communityProbability: 1, popularityShift: 5 });
    const half = START + (31 * 24 * HOUR_MS) / 2;
    expect(all.filter(({ occurredAt }) => occurredAt >= half).length).toBeGreaterThan(all.length * 0.63);
    for (const { viewerId, creatorId } of all) {
      expect((Number(creatorId.slice(1)) - 1) % 6).toBe((Number(viewerId.slice(1)) - 1) % 6);
    }
  });
});
