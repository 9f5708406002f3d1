import type { Currency } from '@rewardbook/money/currency';
import { formatScaled, scaleOf } from '@rewardbook/money/decimal';
import { splitByLargestRemainder, splitCapped } from '@rewardbook/money/largest-remainder';
import { allocationMethod } from './allocation.ts';
import { assertAvailable } from './available.ts';
import type { CreatorFacts } from './creator.ts';
import { eligibility } from './eligibility.ts';
import { DomainError } from './error.ts';
import type { PeriodBounds } from './period.ts';
import { type PointsOf, pointsOf, pointsScale } from './points.ts';
import type { Policy } from './policy.ts';
import { type Pool, poolOf, shareOf } from './pool.ts';
import { resultHasher } from './result.ts';
import { compareUtf8 } from './utf8-order.ts';

/** What one creator brings to a close. */
export interface CreatorCounts {
  readonly creatorId: string;
  /** Gained − lost at this close, void losses left out. */
  readonly netLikes: number;
  readonly netFollows: number;
  /** Points carried in, zero or negative, as a plain decimal; left out or "0" where there are none. */
  readonly carriedIn?: string | undefined;
}

export interface CloseInput {
  readonly program: string;
  readonly period: string;
  readonly bounds: PeriodBounds;
  readonly currency: Currency;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly creatorsHash: string;
  /** Sum of the period's revenue entries, minor units. */
  readonly revenueEntries: bigint;
  /** Zero or negative, minor units. */
  readonly negativeRevenueCarriedIn: bigint;
  /** Undistributed money of the periods before, minor units. */
  readonly rolledOver: bigint;
  /** The registered creator, or undefined. Asked only where the policy's eligibility needs it. */
  readonly registered: (creatorId: string) => CreatorFacts | undefined;
  /** Followers at the end of the period. Asked only if minFollowers > 0. */
  readonly followers: (creatorId: string) => number;
  /** By creatorId in byte order, each once. */
  readonly creators: Iterable<CreatorCounts>;
}

/** One creator's row of a close. Points and weights are plain decimals, the amount minor units. */
export interface CloseRow {
  readonly creatorId: string;
  readonly netLikes: number;
  readonly netFollows: number;
  readonly carriedIn: string;
  readonly carriedOut: string;
  readonly points: string;
  readonly weight: string;
  readonly amount: bigint;
  /** Whether positive points were used up for nothing: what was gained here costs nothing when it is lost. */
  readonly void: boolean;
}

export interface ClosePool extends Pool {
  readonly allocated: bigint;
  readonly undistributed: bigint;
}

export interface CloseResult {
  readonly pool: ClosePool;
  /** Rows by creatorId in byte order, those with nothing at all left out; made while they are read, any number of times. */
  readonly creators: Iterable<CloseRow>;
  readonly creatorCount: number;
  readonly resultHash: string;
}

/**
 * A close from net counts to allocations: pool, points, eligibility, weights, split, carry, void and resultHash.
 * Throws DomainError `not-available-yet` (see `available`) or `bad-close` for creators out of order.
 */
export function computeClose(input: CloseInput): CloseResult {
  const { policy, currency } = input;
  assertAvailable(policy);
  const pool = poolOf({ ...input, revenueShare: policy.revenueShare });
  const rows = gather(input.creators);
  const scale = Math.max(pointsScale(policy), rows.carriedScale);
  const isEligible = eligibility({ ...input, scale });
  const points = allPoints(rows, pointsOf(policy, scale));
  // Which creators use points, as indexes into the rows; the split knows them by their place in this list.
  const users: number[] = [];
  for (const [index, value] of points.entries()) {
    if (value > 0n && isEligible(rows.creatorIds[index] ?? '', value)) users.push(index);
  }
  const used = users.map((index) => points[index] ?? 0n);
  const weights = allocationMethod(policy.allocation.method)(used, scale);
  const parts = split(pool.pool, weights, policy.allocation.maxShare);
  const allocated = parts.reduce((sum, part) => sum + part, 0n);
  const undistributed = pool.pool - allocated;

  const hasher = resultHasher(currency);
  let next = 0;
  for (let index = 0; index < rows.creatorIds.length; index += 1) {
    const isUser = users[next] === index;
    const usedPoints = isUser ? formatScaled(used[next] ?? 0n, scale) : '0';
    hasher.add(
      rows.creatorIds[index] ?? '',
      rows.netLikes[index] ?? 0,
      rows.netFollows[index] ?? 0,
      usedPoints,
      isUser ? (parts[next] ?? 0n) : 0n,
    );
    if (isUser) next += 1;
  }
  return {
    pool: { ...pool, allocated, undistributed },
    creators: { [Symbol.iterator]: () => closeRows({ rows, points, users, weights, parts, scale, pool: pool.pool }) },
    creatorCount: rows.creatorIds.length,
    resultHash: hasher.digest({ ...input, revenue: pool.revenue, pool: pool.pool, undistributed }),
  };
}

/** The split of a pool, with the cap where the policy has one. */
function split(pool: bigint, weights: readonly bigint[], maxShare: string | undefined): bigint[] {
  return maxShare === undefined
    ? splitByLargestRemainder(pool, weights)
    : splitCapped(pool, weights, shareOf(pool, maxShare)).parts;
}

// A million creators are held as columns, and what is carried in only for those who carry: objects and strings for each are
// made when the rows are read.
interface Columns {
  readonly creatorIds: string[];
  readonly netLikes: number[];
  readonly netFollows: number[];
  readonly carriedIn: Map<number, string>;
  readonly carriedScale: number;
}

function gather(creators: Iterable<CreatorCounts>): Columns {
  const creatorIds: string[] = [];
  const netLikes: number[] = [];
  const netFollows: number[] = [];
  const carriedIn = new Map<number, string>();
  let carriedScale = 0;
  let previous = '';
  for (const creator of creators) {
    if (creatorIds.length > 0 && compareUtf8(previous, creator.creatorId) >= 0) {
      throw new DomainError('bad-close', `Creators out of order: "${creator.creatorId}" after "${previous}"`);
    }
    const carries = creator.carriedIn !== undefined && creator.carriedIn !== '0';
    if (creator.netLikes === 0 && creator.netFollows === 0 && !carries) continue;
    previous = creator.creatorId;
    if (carries && creator.carriedIn !== undefined) {
      carriedIn.set(creatorIds.length, creator.carriedIn);
      carriedScale = Math.max(carriedScale, scaleOf(creator.carriedIn));
    }
    creatorIds.push(creator.creatorId);
    netLikes.push(creator.netLikes);
    netFollows.push(creator.netFollows);
  }
  return { creatorIds, netLikes, netFollows, carriedIn, carriedScale };
}

function allPoints({ creatorIds, netLikes, netFollows, carriedIn }: Columns, formula: PointsOf): bigint[] {
  return creatorIds.map((_, index) => formula(netLikes[index] ?? 0, netFollows[index] ?? 0, carriedIn.get(index)));
}

interface Computed {
  readonly rows: Columns;
  readonly points: readonly bigint[];
  readonly users: readonly number[];
  readonly weights: readonly bigint[];
  readonly parts: readonly bigint[];
  readonly scale: number;
  readonly pool: bigint;
}

function* closeRows({ rows, points, users, weights, parts, scale, pool }: Computed): Generator<CloseRow> {
  let next = 0;
  for (const [index, creatorId] of rows.creatorIds.entries()) {
    const value = points[index] ?? 0n;
    const isUser = users[next] === index;
    yield {
      creatorId,
      netLikes: rows.netLikes[index] ?? 0,
      netFollows: rows.netFollows[index] ?? 0,
      carriedIn: rows.carriedIn.get(index) ?? '0',
      carriedOut: value < 0n ? formatScaled(value, scale) : '0',
      points: isUser ? formatScaled(value, scale) : '0',
      weight: isUser ? (weights[next] ?? 0n).toString() : '0',
      amount: isUser ? (parts[next] ?? 0n) : 0n,
      void: value > 0n && (!isUser || pool === 0n),
    };
    if (isUser) next += 1;
  }
}
