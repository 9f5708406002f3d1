import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import type { ClosedPeriod } from '@rewardbook/domain/values/closed-periods';
import { DomainError } from '@rewardbook/domain/values/error';
import { formatPeriod, periodFinder } from '@rewardbook/domain/values/period';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { formatScaled, parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { writeScaled } from '@rewardbook/money/decimal-text';
import { divideHalfEven } from '@rewardbook/money/rounding';
import { closesOf, planSimulation } from '../closes/plan-simulation.ts';
import { type AcceptedEvents, accepted } from '../events/accepted-events.ts';
import { steadiness, trend } from './steadiness.ts';

export interface ScreenOptions {
  /** How many of the last periods are looked at; all of them if there are fewer. */
  readonly periods: number;
  /** Least follows won in these periods: below it growth is chance. */
  readonly minFollows: number;
  /** Bounds of the followers at the start of these periods. */
  readonly minFollowers: number;
  readonly maxFollowers: number;
}

/** A creator as a scout sees them. Fractions are decimal strings of 6 places, half even. */
export interface ScreenedCreator {
  readonly creatorId: string;
  readonly handle: string | null;
  readonly country: string | null;
  /** At the start and at the end of the periods looked at. */
  readonly followersBefore: number;
  readonly followersAfter: number;
  readonly netLikes: number;
  readonly netFollows: number;
  /** netFollows ÷ followersBefore; null where that is 0. */
  readonly growth: string | null;
  /** Followers before, to the power of ten: creators of one class are peers. */
  readonly sizeClass: string;
  readonly peers: number;
  /** netFollows ÷ the mean of the peers'. */
  readonly lift: string;
  /** (Σx)² ÷ (n·Σx²) of the points x of the n periods, negative ones as 0: 1 for the same in each, 1/n for all in one. */
  readonly steadiness: string;
  /** Kendall's S over the periods ÷ its most: 1 if each brings more than all before, −1 if each brings less. */
  readonly trend: string;
  /** lift × steadiness × (1 + trend) ÷ 2. */
  readonly score: string;
  /** Points of each period, plain decimals. */
  readonly points: readonly string[];
}

export interface Screening {
  readonly program: string;
  /** The periods looked at. */
  readonly periods: readonly string[];
  /** Best score first; equal ones by creatorId. */
  readonly creators: readonly ScreenedCreator[];
}

interface Candidate {
  readonly creatorId: string;
  readonly followersBefore: number;
  readonly netLikes: number;
  readonly netFollows: number;
  readonly points: readonly bigint[];
}

const PLACES = 6;
const UNIT = 10n ** BigInt(PLACES);

/**
 * Rising creators: those who win more followers than others of their size, period after period. Likes and follows count by the
 * policy's risk rules; its conditions, boosts and pool play no part. Throws DomainError `bad-close` without events.
 *
 * @param closed where events say which close saw them: the periods of these closes
 */
export function screen(
  policy: Policy,
  creators: readonly RegisteredCreator[],
  events: Iterable<EngagementEvent>,
  options: ScreenOptions,
  closed: readonly ClosedPeriod[] = [],
): Screening {
  const results = countedPeriods(policy, creators, accepted(events), closed);
  const window = results.slice(-options.periods);
  const scale = Math.max(scaleOf(policy.weights.like), scaleOf(policy.weights.follow));
  const registered = new Map(creators.map((creator) => [creator.creatorId, creator]));
  const candidates = candidatesOf(policy, registered, results, window.length, scale);
  const classes = sizeClasses(candidates);
  const screened = candidates.flatMap((candidate): (ScreenedCreator & { readonly order: bigint })[] => {
    const { creatorId, followersBefore, netLikes, netFollows, points } = candidate;
    const isAsked =
      netFollows >= Math.max(1, options.minFollows) &&
      followersBefore >= options.minFollowers &&
      followersBefore <= options.maxFollowers;
    const peers = classes.get(sizeClass(followersBefore));
    if (!isAsked || peers === undefined || peers.follows <= 0n) {
      return [];
    }
    const lift = quotient(BigInt(netFollows * peers.count), peers.follows);
    const steady = steadiness(points);
    const rising = trend(points);
    const score = divideHalfEven(lift * steady * (UNIT + rising), 2n * UNIT * UNIT);
    return [
      {
        creatorId,
        handle: registered.get(creatorId)?.handle ?? null,
        country: registered.get(creatorId)?.country ?? null,
        followersBefore,
        followersAfter: followersBefore + netFollows,
        netLikes,
        netFollows,
        growth: followersBefore === 0 ? null : sixPlaces(quotient(BigInt(netFollows), BigInt(followersBefore))),
        sizeClass: sizeClass(followersBefore),
        peers: peers.count,
        lift: sixPlaces(lift),
        steadiness: sixPlaces(steady),
        trend: sixPlaces(rising),
        score: sixPlaces(score),
        points: points.map((value) => formatScaled(value, scale)),
        order: score,
      },
    ];
  });
  screened.sort((a, b) => (a.order > b.order ? -1 : a.order < b.order ? 1 : compareUtf8(a.creatorId, b.creatorId)));
  return {
    program: policy.program,
    periods: window.map(({ period }) => period),
    creators: screened.map(({ order: _, ...creator }) => creator),
  };
}

/** Net counts of every period from the first event's to the last's, with no points void. */
function countedPeriods(
  policy: Policy,
  creators: readonly RegisteredCreator[],
  events: AcceptedEvents,
  closed: readonly ClosedPeriod[],
): PeriodResult[] {
  const plain: Policy = {
    ...policy,
    revenueShare: '1',
    allocation: { method: 'pro-rata' },
    eligibility: { registeredOnly: false, minFollowers: 0, minPoints: '0', minAccountAgeDays: 0 },
    boosts: [],
    undistributed: 'return',
  };
  const ordinalOf = periodFinder(policy.period, policy.timeZone);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let event = 0; event < events.size; event += 1) {
    const ordinal = ordinalOf(events.occurredAt(event));
    first = Math.min(first, ordinal);
    last = Math.max(last, ordinal);
  }
  if (first > last) {
    throw new DomainError('bad-close', 'Nobody to screen: there are no events');
  }
  // A pool above zero in every period: if it were zero, points would be void, and later losses would not show.
  const revenue = new Map<string, bigint>();
  for (let ordinal = first; ordinal <= last; ordinal += 1) {
    revenue.set(formatPeriod({ kind: policy.period, ordinal }), 1n);
  }
  const policies = [{ policy: plain, policyHash: policyHash(plain), validFrom: null }];
  return [...closesOf(planSimulation({ policies, creators, revenue, closed }), events)];
}

/** Everybody who won or lost anything, with what the last `length` periods brought. */
function candidatesOf(
  { weights }: Policy,
  registered: ReadonlyMap<string, RegisteredCreator>,
  results: readonly PeriodResult[],
  length: number,
  scale: number,
): Candidate[] {
  const [like, follow] = [parseScaled(weights.like, scale), parseScaled(weights.follow, scale)];
  const start = results.length - length;
  const found = new Map<string, { followersBefore: number; netLikes: number; netFollows: number; points: bigint[] }>();
  for (const [index, { creators }] of results.entries()) {
    for (const { creatorId, netLikes, netFollows } of creators) {
      let candidate = found.get(creatorId);
      if (candidate === undefined) {
        const followersBefore = registered.get(creatorId)?.followers ?? 0;
        candidate = { followersBefore, netLikes: 0, netFollows: 0, points: new Array<bigint>(length).fill(0n) };
        found.set(creatorId, candidate);
      }
      if (index < start) {
        candidate.followersBefore += netFollows;
        continue;
      }
      candidate.netLikes += netLikes;
      candidate.netFollows += netFollows;
      candidate.points[index - start] = like * BigInt(netLikes) + follow * BigInt(netFollows);
    }
  }
  return [...found].map(([creatorId, candidate]) => ({ creatorId, ...candidate }));
}

function sizeClasses(candidates: readonly Candidate[]): Map<string, { count: number; follows: bigint }> {
  const classes = new Map<string, { count: number; follows: bigint }>();
  for (const { followersBefore, netFollows } of candidates) {
    const key = sizeClass(followersBefore);
    const known = classes.get(key) ?? { count: 0, follows: 0n };
    classes.set(key, { count: known.count + 1, follows: known.follows + BigInt(netFollows) });
  }
  return classes;
}

/** `0`, `1-9`, `10-99`, … */
function sizeClass(followers: number): string {
  if (followers <= 0) {
    return '0';
  }
  const least = 10 ** (String(followers).length - 1);
  return `${least}-${least * 10 - 1}`;
}

/** × 10^6, half even. */
function quotient(numerator: bigint, denominator: bigint): bigint {
  return divideHalfEven(numerator * UNIT, denominator);
}

function sixPlaces(value: bigint): string {
  return writeScaled(value, PLACES);
}
