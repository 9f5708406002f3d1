import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { describe, expect, it } from 'vitest';
import { eventLine } from './event-line.ts';
import { generateEvents } from './events.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  seed: 7,
  events: 30_000,
  creators: 200,
  viewers: 3_000,
  firstPeriod: '2026-09',
  lastPeriod: '2026-10',
  timeZone: 'Asia/Jakarta',
  popularityShift: 1,
  activityShift: 50,
  loyaltyProbability: 0.4,
  followProbability: 0.2,
  unlikeProbability: 0.081,
  unfollowProbability: 0.133,
  selfEngagementProbability: 0.01,
  activityByHour: Array.from({ length: 24 }, (_, hour) => (hour === 4 ? 0 : 1 + hour)),
  activityByWeekday: [1, 1, 1, 1, 1, 1, 3],
};
const all = [...generateEvents(scenario)];
const count = (type: EngagementEvent['type']) => all.filter((event) => event.type === type).length;
const jakarta = (event: EngagementEvent) => new Date(event.occurredAt + 7 * 3_600_000);

describe('generateEvents', () => {
  it('makes exactly as many as asked for, at any size', () => {
    expect(all).toHaveLength(scenario.events);
    for (const size of [{ events: 0 }, { events: 1 }, { events: 999, creators: 1, viewers: 1 }]) {
      expect([...generateEvents(scenario, size)]).toHaveLength(size.events);
    }
  });

  it('is the same for the same seed and another for another', () => {
    expect([...generateEvents(scenario)]).toEqual(all);
    const other = [...generateEvents(scenario, { seed: 8 })];
    expect(other.map(({ creatorId }) => creatorId)).not.toEqual(all.map(({ creatorId }) => creatorId));
    expect(other[0]?.id).not.toBe(all[0]?.id);
  });

  it('comes in time order, with unique rising ids of 26 characters, within the periods', () => {
    const start = parseInstant('2026-09-01T00:00:00+07:00') ?? Number.NaN;
    const end = parseInstant('2026-11-01T00:00:00+07:00') ?? Number.NaN;
    let last = { id: '', occurredAt: start };
    for (const event of all) {
      expect(event.id > last.id && event.id.length === 26).toBe(true);
      expect(event.occurredAt >= last.occurredAt && event.occurredAt < end).toBe(true);
      last = event;
    }
  });

  it('takes back as many likes and follows as asked for, each after it was given', () => {
    expect(count('unlike') / count('like')).toBeCloseTo(0.081, 2);
    expect(count('unfollow') / count('follow')).toBeCloseTo(0.133, 1);
    const given = new Set<string>();
    for (const { type, viewerId, creatorId, contentId } of all) {
      const engagement = `${viewerId} ${creatorId} ${contentId}`;
      if (type === 'like' || type === 'follow') {
        given.add(engagement);
      } else {
        expect(given.has(engagement)).toBe(true);
      }
      expect(contentId === '').toBe(type === 'follow' || type === 'unfollow');
    }
  });

  it('has a heavy tail of popularity and activity', () => {
    const tops = (key: 'creatorId' | 'viewerId') => {
      const counts = new Map<string, number>();
      for (const event of all) {
        counts.set(event[key], (counts.get(event[key]) ?? 0) + 1);
      }
      return [...counts.values()].sort((a, b) => b - a);
    };
    const share = (counts: number[]) => counts.slice(0, 10).reduce((a, b) => a + b, 0) / scenario.events;
    expect(share(tops('creatorId'))).toBeGreaterThan(0.4);
    expect(share(tops('viewerId'))).toBeGreaterThan(0.03);
  });

  it('follows the rhythm of the day and the week, in local time', () => {
    const inHour = (hour: number) => all.filter((event) => jakarta(event).getUTCHours() === hour).length;
    expect(inHour(4)).toBe(0);
    expect(inHour(23)).toBeGreaterThan(inHour(1) * 5);
    const sundays = all.filter((event) => jakarta(event).getUTCDay() === 0).length;
    // 8 Sundays of weight 3 among 61 days: 24 of 77.
    expect(sundays / scenario.events).toBeCloseTo(24 / 77, 2);
  });

  it('has a few self-engagements', () => {
    const own = all.filter(({ viewerId, creatorId }) => viewerId === creatorId || viewerId === `${creatorId}-own`);
    expect(own.length / scenario.events).toBeCloseTo(0.01, 2);
    expect(own.length).toBeGreaterThan(0);
  });
});

describe('eventLine', () => {
  const like: EngagementEvent = {
    id: 'e1',
    source: 'app',
    type: 'like',
    viewerId: 'v"1',
    creatorId: 'c1',
    contentId: 'k1',
    occurredAt: 1_788_195_600_123,
  };

  it('is the wire format, without contentId for a follow', () => {
    expect(eventLine(like)).toBe(
      '{"id":"e1","source":"app","type":"like","viewerId":"v\\"1","creatorId":"c1","contentId":"k1","occurredAt":"2026-08-31T17:00:00.123Z"}',
    );
    expect(JSON.parse(eventLine({ ...like, type: 'follow', contentId: '' }))).not.toHaveProperty('contentId');
  });
});
