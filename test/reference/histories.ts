import { usesPoints } from '@rewardbook/domain/allocation/allocation';
import type { EngagementEvent, EventType } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import {
  type AllocationMethodName,
  type Boost,
  type LockstepPolicy,
  type Policy,
  policyHash,
  type RiskPolicy,
} from '@rewardbook/domain/policy/policy';
import { formatPeriod, type PeriodKind, periodBounds, periodOf } from '@rewardbook/domain/values/period';
import fc from 'fast-check';
import type { History, Recorded } from './history.ts';

const MINUTE = 60_000;
// Few ids, so that events meet: selves, a creator's own viewers, ids that differ between UTF-8 and UTF-16 order, or need
// encoding.
const CREATORS = ['c1', 'c2', 'c:3 ü', 'c\u{1f600}', 'c\uffee'];
const VIEWERS = ['v1', 'v2', 'v\u{1f600}', 'v\uffee', 'own', 'c1'];
const IDS = [...Array.from({ length: 30 }, (_, index) => String(index)), 'x\u{1f600}', 'x\uffee'];

const FIRST_PERIODS: Readonly<Record<PeriodKind, string>> = { day: '2026-10-31', week: '2026-W53', month: '2026-01' };

export interface HistoryOptions {
  /** Ends with the number of periods that are closed. */
  readonly maxCloses?: number;
  readonly maxEvents?: number;
  /** Periods are as long as these say; days test most with fewest events. */
  readonly kinds?: readonly PeriodKind[];
}

/**
 * Random histories of small programs: events in any order, with duplicates and conflicts, before and in the periods, seen by
 * any close; policies with every rule, that change between periods; creators that are registered or not, and change.
 */
export function histories(options: HistoryOptions = {}): fc.Arbitrary<History> {
  const { maxCloses = 4, maxEvents = 80, kinds = ['day'] } = options;
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      timeZone: fc.constantFrom('Asia/Jakarta', 'Asia/Kolkata', 'America/Sao_Paulo', 'UTC'),
      currency: fc.constantFrom('IDR', 'JPY', 'KWD'),
      revenue: fc.array(
        fc.constantFrom('1000', '1000', '1000', '1000000', '77', '0', '-500', '12345678901234567890123'),
        {
          minLength: 1,
          maxLength: maxCloses,
          size: 'max',
        },
      ),
    })
    .chain(({ kind, timeZone, currency, revenue }) => {
      const first = periodOf(FIRST_PERIODS[kind]);
      const labels = revenue.map((_, index) => formatPeriod({ kind, ordinal: first.ordinal + index }));
      const starts = labels.map((label) => periodBounds(label, timeZone).start);
      const start = starts[0] ?? 0;
      const end = periodBounds(labels.at(-1) ?? '', timeZone).end;
      const length = (end - start) / labels.length;
      const drawnPolicy = policyArbitrary({ kind, timeZone, currency });
      const changing = fc
        .array(fc.record({ policy: drawnPolicy, validFrom: fc.constantFrom(...labels) }), { maxLength: 2 })
        .chain((later) => drawnPolicy.map((policy) => [{ policy, validFrom: null }, ...later]));
      const policies = fc.oneof(
        changing,
        changing,
        fc.tuple(drawnPolicy, blocksArbitrary).map(([policy, blocks]) => blocking(policy, blocks, labels)),
      );
      return fc.record({
        policies: policies.map((versions) =>
          versions.map((version) => ({ ...version, policyHash: policyHash(version.policy) })),
        ),
        creators: fc
          .tuple(creatorsArbitrary, creatorsArbitrary, fc.constantFrom(...labels), scoutsArbitrary)
          .map(([before, drawn, from, scouts]) => {
            // A registry changes and grows, it loses no one: closes after ask for what it was at the close before.
            const after = [
              ...before.filter(({ creatorId }) => !drawn.some((other) => other.creatorId === creatorId)),
              ...drawn,
            ];
            const [early, late] = [withScouts(before, scouts.atFirst), withScouts(after, scouts.later)];
            return (period: string) => (labels.indexOf(period) < labels.indexOf(from) ? early : late);
          }),
        recorded: fc.array(recordedArbitrary(start - 1.5 * length, end + length / 4, starts), {
          maxLength: maxEvents,
          // Long histories from the start: in short ones nothing meets.
          size: 'max',
        }),
        periods: fc.constant(labels.map((period, index) => ({ period, revenue: revenue[index] ?? '0' }))),
      });
    });
}

/** By period, from the first: who is blocked in it. */
const blocksArbitrary = fc.array(
  fc.constantFrom<RiskPolicy>(
    {},
    {},
    { blockedViewers: ['v1'] },
    { blockedViewers: ['v1', 'v2'] },
    { blockedCreators: ['c2'] },
  ),
  { minLength: 4, maxLength: 4 },
);

/** One policy with blocks that begin and end, a version a period. */
function blocking(policy: Policy, blocks: readonly RiskPolicy[], labels: readonly string[]) {
  const { blockedViewers: _viewers, blockedCreators: _creators, ...risk } = policy.risk;
  return labels.map((label, index) => ({
    policy: { ...policy, risk: { ...risk, ...blocks[index] } },
    validFrom: index === 0 ? null : label,
  }));
}

function recordedArbitrary(from: number, to: number, starts: readonly number[]): fc.Arbitrary<Recorded> {
  // A grid of 20 minutes: hours hold several events, and some come at the same instant.
  const step = 20 * MINUTE;
  const grid = fc.integer({ min: Math.floor(from / step), max: Math.ceil(to / step) }).map((steps) => steps * step);
  // Around the start of a period, where in some zones the clock hour belongs to two periods.
  const dense = fc
    .tuple(fc.constantFrom(...starts), fc.integer({ min: -2, max: 3 }))
    .map(([start, steps]) => start + steps * step);
  const event = fc
    .record({
      id: fc.constantFrom(...IDS),
      source: fc.constantFrom('default', 'app'),
      type: fc.constantFrom<EventType>('like', 'like', 'like', 'unlike', 'unlike', 'follow', 'follow', 'unfollow'),
      viewerId: fc.constantFrom('v1', 'v1', 'v1', ...VIEWERS),
      creatorId: fc.constantFrom('c2', 'c2', 'c2', ...CREATORS),
      content: fc.constantFrom('k1', 'k1', 'k2', 'k3'),
      occurredAt: fc.oneof(grid, grid, dense),
    })
    .map(
      ({ content, ...rest }): EngagementEvent => ({
        ...rest,
        contentId: rest.type === 'like' || rest.type === 'unlike' ? content : '',
      }),
    );
  return fc.record({
    event,
    seenAt: fc.constantFrom(1, 1, ...Array.from({ length: starts.length + 1 }, (_, index) => index + 1)),
  });
}

/** Who scouted whom, and when; some of it known only later. Scouts are creators, strangers, and scouted themselves. */
const SCOUTS: Readonly<Record<string, readonly [scoutId: string, scoutedOn: string]>> = {
  c1: ['c2', '2026-10-02'],
  c2: ['a scout', '2026-09-15'],
  'c:3 ü': ['a scout', '2026-10-31'],
  'c\u{1f600}': ['c\uffee', '2026-11-01'],
};

const scoutsArbitrary = fc
  .tuple(fc.subarray(Object.keys(SCOUTS)), fc.subarray(Object.keys(SCOUTS)))
  .map(([atFirst, added]) => ({ atFirst, later: [...atFirst, ...added] }));

function withScouts(creators: readonly RegisteredCreator[], scouted: readonly string[]): RegisteredCreator[] {
  return creators.map((creator) => {
    const scout = scouted.includes(creator.creatorId) ? SCOUTS[creator.creatorId] : undefined;
    return scout === undefined ? creator : { ...creator, scoutId: scout[0], scoutedOn: scout[1] };
  });
}

const creatorsArbitrary: fc.Arbitrary<RegisteredCreator[]> = fc
  .subarray(CREATORS)
  .chain((creatorIds) => fc.tuple(...creatorIds.map((creatorId) => creatorArbitrary(creatorId))));

function creatorArbitrary(creatorId: string): fc.Arbitrary<RegisteredCreator> {
  return fc.record({
    creatorId: fc.constant(creatorId),
    handle: fc.constant(null),
    country: fc.constantFrom(null, 'ID', 'BR'),
    joinedOn: fc.constantFrom(null, '2020-02-29', '2026-10-30', '2026-11-01', '2026-01-15', '2027-01-01'),
    followers: fc.constantFrom(0, 1, 5),
    viewerIds: fc.constantFrom([], ['own'], ['own', 'alt']),
    taxCountry: fc.constant(null),
    payee: fc.constant(null),
    account: fc.constant(null),
  });
}

const METHODS: readonly AllocationMethodName[] = [
  'pro-rata',
  'pro-rata',
  'user-centric',
  'engaged-equal',
  'equal',
  'square-root',
  'blend',
];

const boostArbitrary: fc.Arbitrary<Boost> = fc
  .record({
    minFollowers: fc.constantFrom(undefined, undefined, 1, 5),
    maxFollowers: fc.constantFrom(undefined, undefined, 2, 6),
    minGrowth: fc.constantFrom(undefined, '0', '0.2', '0.333333', '1'),
    multiplier: fc.constantFrom('1.5', '2', '0.25', '1', '0'),
  })
  .map(({ minFollowers, maxFollowers, minGrowth, multiplier }) => ({
    name: 'boost',
    when: {
      ...(minFollowers === undefined ? {} : { minFollowers }),
      ...(maxFollowers === undefined ? {} : { maxFollowers }),
      ...(minGrowth === undefined ? {} : { minGrowth }),
    },
    multiplier,
  }));

const lockstepArbitrary: fc.Arbitrary<LockstepPolicy> = fc.record({
  viewers: fc.constantFrom(2, 2, 3),
  targets: fc.constantFrom(1, 1, 2),
  windowSeconds: fc.constantFrom(1, 3_600, 86_400, 1_000_000),
  maxWindowViewers: fc.constantFrom(2, 3, 200),
});

/** A key that is there or not. */
function perhaps<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof(fc.constant(undefined), value);
}

function policyArbitrary(fixed: { kind: PeriodKind; timeZone: string; currency: string }): fc.Arbitrary<Policy> {
  const limit = fc.integer({ min: 1, max: 3 });
  return fc
    .record({
      revenueShare: fc.constantFrom('0.05', '1', '1', '0.333333', '0'),
      like: fc.constantFrom('1', '1', '0', '0.25', '2.5'),
      follow: fc.constantFrom('1', '3', '0.1', '0'),
      method: fc.constantFrom(...METHODS),
      lambda: fc.constantFrom('0', '0.5', '0.25', '0.333', '1'),
      boosts: fc.oneof(fc.constant([]), fc.array(boostArbitrary, { minLength: 1, maxLength: 2 })),
      lockstep: perhaps(lockstepArbitrary),
      maxShare: perhaps(fc.constantFrom('0.1', '0.4', '0.5', '1')),
      registeredOnly: fc.boolean(),
      minFollowers: fc.constantFrom(0, 0, 1, 3),
      minPoints: fc.constantFrom('0', '0', '1.5', '2'),
      minAccountAgeDays: fc.constantFrom(0, 0, 2, 300),
      countries: perhaps(fc.constantFrom(['ID'], ['BR', 'ID'])),
      blockedViewers: perhaps(perhaps(fc.subarray(VIEWERS, { maxLength: 3 }))),
      blockedCreators: perhaps(perhaps(fc.subarray(CREATORS, { maxLength: 2 }))),
      maxEventsPerViewerPerHour: perhaps(limit),
      maxTogglesPerEngagement: perhaps(limit),
      maxLikesPerPair: perhaps(fc.constantFrom(1, 1, 2)),
      minViewerAgeHours: perhaps(fc.constantFrom(1, 12, 30)),
      maxLatePeriods: fc.integer({ min: 0, max: 2 }),
      undistributed: fc.constantFrom('rollover' as const, 'return' as const),
      scouts: perhaps(
        fc.record({
          share: fc.constantFrom('0.1', '0.333', '1'),
          periods: fc.integer({ min: 1, max: 3 }),
          paidBy: fc.constantFrom('platform' as const, 'creator' as const),
        }),
      ),
      plain: fc.constantFrom(true, true, false),
    })
    .map((drawn): Policy => {
      const limits = { ...drawn, ...(drawn.plain ? WITHOUT_CONDITIONS : {}) };
      return {
        program: 'random',
        name: 'Random',
        currency: fixed.currency,
        timeZone: fixed.timeZone,
        period: fixed.kind,
        revenueShare: drawn.revenueShare,
        weights: { like: drawn.like, follow: drawn.follow },
        allocation: {
          method: drawn.method,
          ...(drawn.maxShare === undefined ? {} : { maxShare: drawn.maxShare }),
          ...(drawn.method === 'blend' ? { lambda: drawn.lambda } : {}),
        },
        eligibility: {
          registeredOnly: limits.registeredOnly,
          minFollowers: limits.minFollowers,
          minPoints: limits.minPoints,
          minAccountAgeDays: limits.minAccountAgeDays,
          ...(limits.countries === undefined ? {} : { countries: limits.countries }),
        },
        boosts: usesPoints(drawn.method) ? drawn.boosts : [],
        risk: riskOf(limits),
        maxLatePeriods: drawn.maxLatePeriods,
        undistributed: drawn.undistributed,
        payout: { minimum: '0', roundTo: '1', holdback: { share: '0', periods: 1 }, withholding: {} },
        approvals: ['payouts', 'adjustments'],
        ...(drawn.scouts === undefined ? {} : { scouts: drawn.scouts }),
      };
    });
}

/** Most policies have no conditions: with all of them drawn, hardly anyone would earn. */
const WITHOUT_CONDITIONS = {
  registeredOnly: false,
  minFollowers: 0,
  minPoints: '0',
  minAccountAgeDays: 0,
  countries: undefined,
  maxEventsPerViewerPerHour: undefined,
  minViewerAgeHours: undefined,
} as const;

function riskOf(drawn: { [Rule in keyof RiskPolicy]: RiskPolicy[Rule] | undefined }): RiskPolicy {
  const rules = [
    'blockedViewers',
    'blockedCreators',
    'maxEventsPerViewerPerHour',
    'maxTogglesPerEngagement',
    'maxLikesPerPair',
    'minViewerAgeHours',
    'lockstep',
  ] as const;
  const present = rules.filter((rule) => drawn[rule] !== undefined);
  return Object.fromEntries(present.map((rule) => [rule, drawn[rule]]));
}
