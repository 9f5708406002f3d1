import { describe, expect, it } from 'vitest';
import type { RiskPolicy } from '../policy/policy.ts';
import type { RiskRule } from '../policy/risk-rule.ts';
import { compareEvents, type EngagementEvent } from './event.ts';
import { judge, judgingClose, type SeenEvent } from './risk.ts';
import { event } from './test-events.ts';

interface Circumstances {
  readonly close?: number;
  readonly maxLatePeriods?: number;
  readonly own?: Readonly<Record<string, string>>;
}

const seen = (engagementEvent: EngagementEvent, period = 1, close = Math.max(period, 1)): SeenEvent => {
  return { event: engagementEvent, period, close };
};

/** Rules that exclude the events of a close, in judging order; undefined for those that count. */
function judged(
  risk: RiskPolicy,
  events: SeenEvent[],
  { close = 1, maxLatePeriods = 1, own = {} }: Circumstances = {},
) {
  const rules: (RiskRule | undefined)[] = [];
  const isOwnViewer = (viewerId: string, creatorId: string): boolean => own[viewerId] === creatorId;
  const judgeEvents = judge({ close, policy: { risk, maxLatePeriods }, isOwnViewer });
  const inOrder = [...events].sort((a, b) => compareEvents(a.event, b.event));
  judgeEvents(inOrder, (_event, rule) => rules.push(rule));
  return rules;
}

const HOUR = 3_600_000;
const likes = (...times: number[]) => times.map((at, index) => event('like', 'v', 'c', at, { contentId: `k${index}` }));
const allSeen = (events: EngagementEvent[]) => events.map((one) => seen(one));

describe('an event is judged once, at the first close that sees it recorded and whose period ends after it', () => {
  it.each([
    ['in time', 1, 3, 3],
    ['late', 4, 2, 4],
    ['before the first period, seen by its close', 1, -5, 1],
    ['before the first period, seen later', 3, 0, 3],
  ])('%s', (_name, seenAt, period, close) => {
    expect(judgingClose(seenAt, period)).toBe(close);
  });
});

describe('selfEngagement', () => {
  it('is a viewer who is the creator, or is registered as the creator’s own', () => {
    const events = [event('like', 'c', 'c', 1), event('follow', 'alt', 'c', 2), event('like', 'alt', 'd', 3)];
    expect(judged({}, allSeen(events), { own: { alt: 'c' } })).toEqual(['selfEngagement', 'selfEngagement', undefined]);
  });
});

describe('blocked', () => {
  it('viewers and creators', () => {
    const risk = { blockedViewers: ['w'], blockedCreators: ['d'] };
    const events = [event('like', 'w', 'c', 1), event('like', 'v', 'd', 2), event('like', 'v', 'c', 3)];
    expect(judged(risk, allSeen(events))).toEqual(['blockedViewers', 'blockedCreators', undefined]);
  });

  it('still enter the register, unless another rule excludes them too', () => {
    const risk = {
      blockedViewers: ['v', 'w'],
      blockedCreators: ['c'],
      maxLikesPerPair: 1,
    };
    const events = [
      seen(event('like', 'v', 'c', 1)),
      seen(event('like', 'v', 'c', 2)),
      seen(event('unlike', 'v', 'c', 3)),
      seen(event('like', 'w', 'w', 4)),
      seen(event('follow', 'u', 'c', 5), -3, 1),
      seen(event('follow', 'u', 'c', 6), 1, 1),
    ];
    const rulings: [RiskRule | undefined, boolean][] = [];
    const judgeEvents = judge({
      close: 1,
      policy: { risk, maxLatePeriods: 1 },
      isOwnViewer: () => false,
    });
    for (const viewer of ['v', 'w', 'u']) {
      const own = events.filter((one) => one.event.viewerId === viewer);
      judgeEvents(own, (_event, rule, entersRegister) => rulings.push([rule, entersRegister]));
    }
    expect(rulings).toEqual([
      ['blockedViewers', true],
      ['blockedViewers', false],
      [undefined, true],
      ['selfEngagement', false],
      ['blockedCreators', true],
      ['blockedCreators', true],
    ]);
    judge({
      close: 4,
      policy: { risk, maxLatePeriods: 1 },
      isOwnViewer: () => false,
    })([seen(event('like', 'v', 'c', 1), 1, 4)], (_event, rule, entersRegister) =>
      expect([rule, entersRegister]).toEqual(['blockedViewers', false]),
    );
  });
});

describe('take-backs always count', () => {
  it('whatever the rules say', () => {
    const risk = {
      blockedViewers: ['v'],
      maxEventsPerViewerPerHour: 1,
      maxTogglesPerEngagement: 1,
      minViewerAgeHours: 9,
    };
    const events = [event('unlike', 'v', 'c', 1), event('unfollow', 'v', 'c', 2), event('unlike', 'v', 'c', 3)];
    expect(judged(risk, allSeen(events))).toEqual([undefined, undefined, undefined]);
    const late = seen(event('unlike', 'v', 'c', 1), 1, 9);
    expect(judged({}, [late], { close: 9, maxLatePeriods: 0 })).toEqual([undefined]);
  });
});

describe('maxEventsPerViewerPerHour: in each clock hour (UTC), what comes after the first n events', () => {
  const risk = { maxEventsPerViewerPerHour: 2 };

  it('of any type; the hour starts on the clock', () => {
    const events = [
      event('like', 'v', 'c', 10),
      event('unlike', 'v', 'c', 20),
      event('like', 'v', 'c', 30),
      event('like', 'v', 'd', HOUR - 1),
      event('like', 'v', 'e', HOUR),
    ];
    const limit = 'maxEventsPerViewerPerHour';
    expect(judged(risk, allSeen(events))).toEqual([undefined, undefined, limit, limit, undefined]);
  });

  it('counts events that are excluded by other rules', () => {
    const events = [event('like', 'v', 'v', 1), event('like', 'v', 'v', 2), event('like', 'v', 'c', 3)];
    expect(judged(risk, allSeen(events))).toEqual(['selfEngagement', 'selfEngagement', 'maxEventsPerViewerPerHour']);
  });

  it('counts events judged at earlier closes, also where an hour lies in two periods, and does not judge them again', () => {
    const [a, b, c] = likes(1, 2, 3).map((one, index) => seen(one, index < 2 ? 1 : 2));
    expect(
      judged(
        risk,
        [a, b, c].filter((one) => one !== undefined),
        { close: 2 },
      ),
    ).toEqual(['maxEventsPerViewerPerHour']);
  });

  it('a late event comes after those that earlier closes judged, however early it is dated', () => {
    const [a, b, c, d] = likes(1, 2, 3, HOUR);
    const events = [a && seen(a, 1, 2), b && seen(b), c && seen(c), d && seen(d, 1, 2)].filter(
      (one) => one !== undefined,
    );
    expect(judged(risk, events, { close: 2 })).toEqual(['maxEventsPerViewerPerHour', undefined]);
  });

  it('late events are ordered among themselves', () => {
    const [a, b, c] = likes(1, 2, 3);
    const events = [a && seen(a, 1, 2), b && seen(b), c && seen(c, 1, 2)].filter((one) => one !== undefined);
    expect(judged(risk, events, { close: 2 })).toEqual([undefined, 'maxEventsPerViewerPerHour']);
  });
});

describe('maxTogglesPerEngagement: of one engagement, in one period, what comes after the first n events', () => {
  const risk = { maxTogglesPerEngagement: 2 };

  it('counts likes and unlikes of the content, not those of others, nor follows', () => {
    const events = [
      event('like', 'v', 'c', 1),
      event('follow', 'v', 'c', 2),
      event('like', 'v', 'c', 3, { contentId: 'k2' }),
      event('unlike', 'v', 'c', 4),
      event('like', 'v', 'c', 5),
    ];
    expect(judged(risk, allSeen(events)).at(-1)).toBe('maxTogglesPerEngagement');
    expect(judged(risk, allSeen(events.slice(1)))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('starts anew in each period, by when it happened', () => {
    const events = [
      seen(event('like', 'v', 'c', 1), 1),
      seen(event('unlike', 'v', 'c', 2), 1),
      seen(event('like', 'v', 'c', 3), 2),
      seen(event('unlike', 'v', 'c', 4), 2),
      seen(event('like', 'v', 'c', 5), 2),
    ];
    expect(judged(risk, events, { close: 2 })).toEqual([undefined, undefined, 'maxTogglesPerEngagement']);
  });
});

describe('maxLikesPerPair: of one viewer and creator, in one period, likes after the first n likes', () => {
  it('counts likes only, of any content', () => {
    const events = [
      event('like', 'v', 'c', 1, { contentId: 'a' }),
      event('unlike', 'v', 'c', 2, { contentId: 'a' }),
      event('follow', 'v', 'c', 3),
      event('like', 'v', 'c', 4, { contentId: 'b' }),
      event('like', 'v', 'c', 5, { contentId: 'c' }),
      event('like', 'v', 'd', 6, { contentId: 'd' }),
    ];
    const expected = [undefined, undefined, undefined, undefined, 'maxLikesPerPair', undefined];
    expect(judged({ maxLikesPerPair: 2 }, allSeen(events))).toEqual(expected);
  });

  it('a window never gives more than n, whenever its likes are sent', () => {
    const dated = likes(1, 2, 3, 4, 5, 6, 7, 8, 9).reverse();
    const events = dated.map((like, index) => seen(like, 1, 1 + Math.floor(index / 3)));
    const kept = [1, 2, 3].flatMap((close) => {
      const soFar = events.filter((one) => one.close <= close);
      return judged({ maxLikesPerPair: 3 }, soFar, {
        close,
        maxLatePeriods: 2,
      });
    });
    expect(kept.filter((rule) => rule === undefined)).toHaveLength(3);
    expect(kept.slice(3)).toEqual(Array(6).fill('maxLikesPerPair'));
  });

  it('starts anew in each period', () => {
    const [first, second] = likes(1, 2);
    const events = [first && seen(first, 1), second && seen(second, 2)].filter((one) => one !== undefined);
    expect(judged({ maxLikesPerPair: 1 }, events, { close: 2 })).toEqual([undefined]);
  });
});

describe("minViewerAgeHours: within h hours of the viewer's earliest event seen by the close", () => {
  it('the earliest itself too, up to h hours and not beyond', () => {
    const events = likes(5, 5 + HOUR - 1, 5 + HOUR);
    expect(judged({ minViewerAgeHours: 1 }, allSeen(events))).toEqual([
      'minViewerAgeHours',
      'minViewerAgeHours',
      undefined,
    ]);
  });

  it('the earliest event may be a take-back, of another creator, from an earlier close', () => {
    const events = [seen(event('unfollow', 'v', 'd', 0), 0), seen(event('like', 'v', 'c', HOUR), 2)];
    expect(judged({ minViewerAgeHours: 1 }, events, { close: 2 })).toEqual([undefined]);
  });
});

describe('tooLate', () => {
  it.each([
    ['the last close that takes it', 3, 1, 2, undefined],
    ['one close later', 4, 1, 2, 'tooLate'],
    ['in time', 4, 4, 0, undefined],
    ['before the first period, seen by its close', 1, -7, 0, undefined],
    ['before the first period, recorded later', 2, 0, 9, 'tooLate'],
  ])('%s', (_name, close, period, maxLatePeriods, rule) => {
    const late = seen(event('like', 'v', 'c', 1), period, close);
    expect(judged({}, [late], { close, maxLatePeriods })).toEqual([rule]);
  });
});

it('an event excluded by several rules is listed under the first in the order of the rules', () => {
  const all = {
    blockedViewers: ['v'],
    blockedCreators: ['c'],
    maxEventsPerViewerPerHour: 1,
    maxTogglesPerEngagement: 1,
    maxLikesPerPair: 1,
    minViewerAgeHours: 1,
  };
  const order = Object.keys(all);
  const events = [seen(event('like', 'v', 'c', 1), 1), seen(event('like', 'v', 'c', 2), 1, 5)];
  for (const [index, rule] of order.entries()) {
    const risk: RiskPolicy = Object.fromEntries(Object.entries(all).slice(index));
    expect(judged(risk, events, { close: 5 })).toEqual([rule]);
  }
  expect(judged({}, events, { close: 5 })).toEqual(['tooLate']);
});
