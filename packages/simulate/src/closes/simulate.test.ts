import type { CreatorResult, PeriodResult } from '@rewardbook/domain/close/result';
import type { EngagementEvent, EventType } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { createSimulation, simulate } from './simulate.ts';
import type { SimulationOptions } from './simulation.ts';

const { payout } = testPolicy();
const POLICY = testPolicy({
  currency: 'JPY',
  timeZone: 'UTC',
  revenueShare: '1',
  payout: { ...payout, roundTo: '1' },
  approvals: [],
});

const version = (changes: Partial<Policy> = {}, validFrom: string | null = null) => {
  const policy = { ...POLICY, ...changes };
  return { policy, policyHash: policyHash(policy), validFrom };
};

let made = 0;
/** `like('v1', 'c1', '10-03')`: an event of 2026, with ids that grow. */
const maker =
  (type: EventType) =>
  (viewerId: string, creatorId: string, date: string, changes: Partial<EngagementEvent> = {}): EngagementEvent => {
    made += 1;
    const contentId = type === 'like' || type === 'unlike' ? 'k' : '';
    const occurredAt = Date.parse(`2026-${date}T12:00:00Z`);
    return { id: `e${made}`, source: 'default', type, viewerId, creatorId, contentId, occurredAt, ...changes };
  };
const [like, unlike, follow] = [maker('like'), maker('unlike'), maker('follow')];

/** Closes of October to December 2026 with a revenue of 100 each, unless the changes say otherwise. */
function run(events: readonly EngagementEvent[], changes: Partial<SimulationOptions> = {}): readonly PeriodResult[] {
  const revenue = new Map([
    ['2026-10', 100n],
    ['2026-11', 100n],
    ['2026-12', 100n],
  ]);
  return simulate({ policies: [version()], creators: [], revenue, events, ...changes }).periods;
}

const registered = (creatorId: string, changes: Partial<RegisteredCreator> = {}): RegisteredCreator => ({
  creatorId,
  handle: null,
  country: null,
  joinedOn: null,
  followers: 0,
  viewerIds: [],
  taxCountry: null,
  payee: null,
  account: null,
  ...changes,
});

const of = (result: PeriodResult | undefined, creatorId: string): CreatorResult | undefined =>
  result?.creators.find((creator) => creator.creatorId === creatorId);

/** netLikes, carriedOut and amount of one creator, period by period. */
const story = (results: readonly PeriodResult[], creatorId: string) =>
  results.map((result) => {
    const row = of(result, creatorId);
    return row === undefined ? undefined : [row.netLikes, row.carriedOut, row.amount];
  });

describe('what a period earns', () => {
  it('a like counts once, however often it is given and taken back', () => {
    const events = [
      like('v', 'c', '10-01'),
      unlike('v', 'c', '10-02'),
      like('v', 'c', '10-03'),
      unlike('v', 'c', '11-01'),
      like('v', 'c', '11-02'),
    ];
    expect(story(run(events), 'c')).toEqual([[1, '0', '100'], undefined, undefined]);
  });

  it('an unlike after a paid like is taken off later; coming back afterwards earns nothing', () => {
    const events = [
      like('v', 'c', '10-01'),
      unlike('v', 'c', '11-01'),
      like('v', 'c', '12-01'),
      like('w', 'c', '12-02'),
      like('x', 'c', '12-03'),
    ];
    expect(story(run(events), 'c')).toEqual([
      [1, '0', '100'],
      [-1, '-1', '0'],
      [2, '0', '200'],
    ]);
    expect(of(run(events)[2], 'c')).toMatchObject({ carriedIn: '-1', points: '1' });
  });

  it('what was active at the start of the first period never earns and never costs', () => {
    const events = [
      like('v', 'c', '09-01'),
      like('w', 'c', '10-01'),
      unlike('v', 'c', '10-02'),
      like('v', 'c', '11-01'),
    ];
    expect(story(run(events), 'c')).toEqual([[1, '0', '100'], undefined, undefined]);
  });

  it('given and taken back before the first period, it may still earn', () => {
    const events = [like('v', 'c', '08-01'), unlike('v', 'c', '09-01'), like('v', 'c', '10-01')];
    expect(story(run(events), 'c')[0]).toEqual([1, '0', '100']);
  });

  it('an event that arrives late counts in the next close without touching what is closed', () => {
    const late = like('v', 'c', '10-01');
    const events = [like('w', 'c', '10-01'), late];
    const seenAt = (event: EngagementEvent) => (event === late ? 2 : 1);
    expect(story(run(events, { seenAt }), 'c')).toEqual([[1, '0', '100'], [1, '0', '100'], undefined]);
  });

  it('a late event that is overtaken by a later one that counted changes nothing', () => {
    const late = unlike('v', 'c', '10-01');
    const events = [like('v', 'c', '10-02'), late];
    const seenAt = (event: EngagementEvent) => (event === late ? 2 : 1);
    expect(story(run(events, { seenAt }), 'c')).toEqual([[1, '0', '100'], undefined, undefined]);
  });

  it('judged more than maxLatePeriods closes after its own, a like is too late, an unlike is not', () => {
    const lateLike = like('w', 'c', '10-02');
    const lateUnlike = unlike('v', 'c', '10-03');
    const seenAt = (event: EngagementEvent) => (event === lateLike || event === lateUnlike ? 3 : 1);
    const results = run([like('v', 'c', '10-01'), lateLike, lateUnlike], { seenAt });
    expect(story(results, 'c')).toEqual([[1, '0', '100'], undefined, [-1, '-1', '0']]);
    expect(results.map((result) => result.excluded)).toEqual([[], [], [{ rule: 'tooLate', events: 1, points: '1' }]]);
  });

  it('recorded after the first close, what happened before the first period is too late and no baseline', () => {
    const late = like('v', 'c', '09-01');
    const seenAt = (event: EngagementEvent) => (event === late ? 2 : 1);
    const results = run([late, like('v', 'c', '12-01')], { seenAt });
    expect(results[1]?.excluded).toEqual([{ rule: 'tooLate', events: 1, points: '0' }]);
    expect(of(results[2], 'c')).toMatchObject({ netLikes: 1, amount: '300' });
  });

  it('what no close saw, or happens after the last, plays no part', () => {
    const results = run(
      [like('v', 'c', '10-01'), like('w', 'c', '10-02'), like('x', 'c', '12-31'), like('y', 'c', '10-03')],
      {
        seenAt: ({ viewerId }) => (viewerId === 'w' ? undefined : viewerId === 'y' ? 4 : 1),
        revenue: new Map([['2026-10', 100n]]),
      },
    );
    expect(results).toHaveLength(1);
    expect(of(results[0], 'c')?.netLikes).toBe(1);
  });
});

describe('void points', () => {
  it('where the pool is zero: used up for nothing, and losing them costs nothing', () => {
    const revenue = new Map([
      ['2026-10', 0n],
      ['2026-11', 100n],
    ]);
    const events = [like('v', 'c', '10-01'), unlike('v', 'c', '11-01'), like('w', 'c', '11-02')];
    const results = run(events, { revenue });
    expect(story(results, 'c')).toEqual([
      [1, '0', '0'],
      [1, '0', '100'],
    ]);
    expect(results[0]?.metrics).toMatchObject({ creators: 1, gini: null });
  });

  it('of a creator who is not eligible', () => {
    const policies = [version({ eligibility: { ...POLICY.eligibility, registeredOnly: true } })];
    const creators = (period: string) => (period === '2026-10' ? [] : [registered('c')]);
    const events = [like('v', 'c', '10-01'), unlike('v', 'c', '11-01'), like('w', 'c', '11-02')];
    expect(story(run(events, { policies, creators }), 'c')).toEqual([[1, '0', '0'], [1, '0', '200'], undefined]);
  });
});

describe('blocked lists', () => {
  const BLOCK = { risk: { blockedViewers: ['v'] } };

  it('make engagements inactive whenever they were made; when the block ends, nothing is lost permanently', () => {
    const policies = [version(), version(BLOCK, '2026-11'), version({}, '2026-12')];
    const events = [like('v', 'c', '10-01'), like('v', 'd', '11-01'), like('w', 'c', '12-01')];
    const results = run(events, { policies });
    expect(story(results, 'c')).toEqual([
      [1, '0', '100'],
      [-1, '-1', '0'],
      [2, '0', '100'],
    ]);
    expect(story(results, 'd')).toEqual([undefined, undefined, [1, '0', '100']]);
    expect(results[1]?.excluded).toEqual([{ rule: 'blockedViewers', events: 1, points: '1' }]);
  });

  it('what was there before the program is baseline, blocked or not', () => {
    const policies = [version(BLOCK), version({}, '2026-11')];
    const results = run([like('v', 'c', '09-30'), like('v', 'd', '10-01')], {
      policies,
    });
    expect(story(results, 'c')).toEqual([undefined, undefined, undefined]);
    expect(story(results, 'd')).toEqual([undefined, [1, '0', '200'], undefined]);
  });

  it('a block that ends gives back no more than the limits and maxLatePeriods allow', () => {
    const risk = { maxLikesPerPair: 2 };
    const policies = [version({ risk: { ...risk, ...BLOCK.risk } }), version({ risk }, '2026-12')];
    const given = ['a', 'b', 'c', 'd'].map((contentId) => like('v', 'c', '10-02', { contentId }));
    const late = like('v', 'd', '09-30', { contentId: 'late' });
    const results = run([...given, late], {
      policies,
      seenAt: (event) => (event === late ? 2 : 1),
    });
    expect(results[0]?.excluded).toEqual([{ rule: 'blockedViewers', events: 4, points: '4' }]);
    expect(story(results, 'c')).toEqual([undefined, undefined, [2, '0', '300']]);
    expect(story(results, 'd')).toEqual([undefined, undefined, undefined]);
  });
});

describe('limits', () => {
  it('a window never gives more than n, however late its events are sent and however early they are dated', () => {
    const risk = { maxLikesPerPair: 3 };
    const sent = [3, 2, 1].flatMap((day, index) =>
      ['a', 'b', 'c'].map((content) => ({
        event: like('bot', 'c', `10-0${day}`, {
          contentId: `${content}${day}`,
        }),
        close: index + 1,
      })),
    );
    const closeOf = new Map(sent.map(({ event, close }) => [event, close]));
    const results = run(
      sent.map(({ event }) => event),
      {
        policies: [version({ risk, maxLatePeriods: 2 })],
        seenAt: (event) => closeOf.get(event),
      },
    );
    expect(results.map((result) => of(result, 'c')?.netLikes)).toEqual([3, undefined, undefined]);
    expect(results.map(({ excluded }) => excluded)).toEqual([
      [],
      [{ rule: 'maxLikesPerPair', events: 3, points: '3' }],
      [{ rule: 'maxLikesPerPair', events: 3, points: '3' }],
    ]);
  });
});

describe('revenue and pool', () => {
  it('undistributed money rolls over into the next pool', () => {
    const results = run([like('v', 'c', '11-01')]);
    expect(results.map(({ pool, allocated, undistributed }) => [pool, allocated, undistributed])).toEqual([
      ['100', '0', '100'],
      ['200', '200', '0'],
      ['100', '0', '100'],
    ]);
  });

  it('or returns to the platform', () => {
    const results = run([like('v', 'c', '11-01')], { policies: [version({ undistributed: 'return' })] });
    expect(results.map(({ pool }) => pool)).toEqual(['100', '100', '100']);
  });

  it('a negative sum of revenue is carried into the next period', () => {
    const revenue = new Map([
      ['2026-10', -150n],
      ['2026-11', 100n],
      ['2026-12', 100n],
    ]);
    expect(run([], { revenue }).map((result) => [result.revenue, result.pool])).toEqual([
      ['-150', '0'],
      ['-50', '0'],
      ['50', '50'],
    ]);
  });

  it('each period from the first to the last that has revenue; one in between without revenue counts as zero', () => {
    const revenue = new Map([
      ['2026-12', 5n],
      ['2026-10', 7n],
    ]);
    const periods = run([], { revenue, policies: [version({ undistributed: 'return' })] });
    expect(periods.map(({ period, revenue: booked }) => [period, booked])).toEqual([
      ['2026-10', '7'],
      ['2026-11', '0'],
      ['2026-12', '5'],
    ]);
  });
});

describe('policies and creators', () => {
  it('each period has the policy that is valid for it; the head has the newest', () => {
    const policies = [version(), version({ weights: { like: '5', follow: '1' } }, '2026-11')];
    const events = [like('v', 'c', '10-01'), like('w', 'c', '11-01')];
    const revenue = new Map([
      ['2026-10', 1n],
      ['2026-11', 1n],
    ]);
    const result = simulate({ policies, creators: [], revenue, events });
    expect(result).toMatchObject({ program: 'test', policyHash: policies[1]?.policyHash });
    expect(result.periods.map(({ policyHash: hash }) => hash)).toEqual(policies.map(({ policyHash: hash }) => hash));
    expect(result.periods.map((period) => of(period, 'c')?.points)).toEqual(['1', '5']);
  });

  it('followers are those on joining and active follows at the end of the period', () => {
    const policies = [version({ eligibility: { ...POLICY.eligibility, minFollowers: 11 } })];
    const events = [like('v', 'c', '10-01'), follow('w', 'c', '11-01'), like('w', 'c', '11-01')];
    const creators = [registered('c', { followers: 10 })];
    const results = run(events, { policies, creators });
    expect(results.map((result) => of(result, 'c')?.points)).toEqual(['0', '2', undefined]);
  });
});

describe('events', () => {
  it('the same identity again is a duplicate, with other contents a conflict; the first is kept', () => {
    const simulation = createSimulation({ policies: [version()], creators: [], revenue: new Map([['2026-10', 100n]]) });
    const first = like('v', 'c', '10-01', { id: 'x' });
    expect(simulation.add(first)).toBe('accepted');
    expect(simulation.add({ ...first })).toBe('duplicate');
    expect(simulation.add({ ...first, creatorId: 'd' })).toBe('conflict');
    expect(simulation.add({ ...first, occurredAt: first.occurredAt + 1 })).toBe('conflict');
    expect(simulation.add({ ...first, viewerId: 'w', creatorId: 'd' })).toBe('accepted');
    expect(simulation.add({ ...first, source: 'app', contentId: 'l' })).toBe('accepted');
    expect(simulation.add({ ...first, viewerId: 'w', creatorId: 'd' })).toBe('duplicate');
    const { periods } = simulation.finish();
    expect(periods[0]?.creators.map(({ creatorId, netLikes }) => [creatorId, netLikes])).toEqual([
      ['c', 2],
      ['d', 1],
    ]);
  });

  it('ids of different lengths do not run into each other', () => {
    const events = [like('a', 'bc', '10-01'), like('ab', 'c', '10-01')];
    expect(run(events)[0]?.creators.map(({ creatorId }) => creatorId)).toEqual(['bc', 'c']);
  });
});

describe('the result', () => {
  it('has its keys in the order in which it is printed', () => {
    const [result] = run([like('v', 'c', '10-01')]);
    expect(Object.keys(result ?? {})).toEqual([
      'period',
      'policyHash',
      'revenue',
      'pool',
      'allocated',
      'undistributed',
      'resultHash',
      'creators',
      'excluded',
      'metrics',
    ]);
    expect(Object.keys(result?.creators[0] ?? {})).toEqual([
      'creatorId',
      'netLikes',
      'netFollows',
      'carriedIn',
      'carriedOut',
      'points',
      'weight',
      'amount',
    ]);
  });

  it('refuses a simulation without revenue or policy, or with revenue of another kind of period', () => {
    expect(() => run([], { revenue: new Map() })).toThrow(expect.objectContaining({ code: 'bad-close' }));
    expect(() => run([], { policies: [] })).toThrow(expect.objectContaining({ code: 'bad-close' }));
    expect(() => run([], { revenue: new Map([['2026-10-01', 1n]]) })).toThrow(
      expect.objectContaining({ code: 'bad-period' }),
    );
  });
});
