import type { Currency } from '@rewardbook/money/currency';
import { formatScaled } from '@rewardbook/money/decimal';
import { splitByLargestRemainder, splitCapped } from '@rewardbook/money/split/largest-remainder';
import { allocationWeights, viewerSplitOf } from '../allocation/allocation.ts';
import { assertBoostsUsed, boostsByFollowers } from '../allocation/boost.ts';
import { type CloseColumns, type CreatorCounts, closeColumns, pointsOfAll } from '../allocation/close-columns.ts';
import { type UsedPoints, usedPoints } from '../allocation/used-points.ts';
import { type PairCounts, type PairSink, type ViewerUnits, viewerUnits } from '../allocation/viewer-units.ts';
import type { CloseParts } from '../beyond/close-parts.ts';
import { closeParts, type PartsInput } from '../beyond/work-out-parts.ts';
import type { CreatorFacts } from '../policy/creator.ts';
import { pointsOf, pointsScale } from '../policy/points.ts';
import type { Policy } from '../policy/policy.ts';
import { DomainError } from '../values/error.ts';
import type { PeriodBounds } from '../values/period.ts';
import { shareOf } from '../values/share-of.ts';
import { type Pool, poolOf } from './pool.ts';
import { resultHasher } from './result.ts';

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
  /** Undistributed money of earlier periods, minor units. */
  readonly rolledOver: bigint;
  /** The registered creator, or undefined. Asked for only if the policy's eligibility needs it. */
  readonly registered: (creatorId: string) => CreatorFacts | undefined;
  /**
   * Followers at the end of the period. Asked for only if the policy's eligibility or a boost needs it
   * (`asksForFollowers`).
   */
  readonly followers: (creatorId: string) => number;
  /**
   * Followers at the previous close, by that close's creators and blocked lists; at the first close: at its period's
   * start. Needed only if a boost depends on growth.
   */
  readonly followersBefore?: ((creatorId: string) => number) | undefined;
  /** By creatorId in byte order, each once. Columns, where more than one policy is tried on the same counts. */
  readonly creators: Iterable<CreatorCounts> | CloseColumns;
  /** What is given besides the pool; left out, nothing is. */
  readonly beyond?: PartsInput | undefined;
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
  /**
   * Rows by creatorId in byte order, without those that have nothing at all; made while they are read, which may be
   * repeated.
   */
  readonly creators: Iterable<CloseRow>;
  readonly creatorCount: number;
  /** The amounts without a row for each creator. */
  readonly shares: CloseShares;
  /** What goes into the next close; made when it is first asked for. */
  readonly carry: CloseCarry;
  /** What the close gives besides the pool; made when it is first asked for. */
  readonly parts: CloseParts;
  /** Made when it is first asked for. */
  readonly resultHash: string;
}

/** Who used points, and what each of them gets. */
export interface CloseShares {
  /** Of all rows. */
  readonly creatorIds: readonly string[];
  /** Places in `creatorIds` of those with positive points used. */
  readonly users: readonly number[];
  /** Their amounts, minor units. */
  readonly parts: readonly bigint[];
  /** Of all rows, before conditions and boosts, × 10^scale. */
  readonly points: readonly bigint[];
  readonly scale: number;
}

export interface CloseCarry {
  /** Points carried out, below zero, by creatorId in byte order. */
  readonly carried: ReadonlyMap<string, string>;
  /** Whose positive points were used up for nothing. */
  readonly voided: readonly string[];
}

/**
 * A close whose creators are known. If its method splits by viewer, the viewers' pairs are given before it is finished.
 */
export interface OpenClose {
  readonly needsPairs: boolean;
  /**
   * Takes the pairs of a share of the viewers; several shares may be given concurrently, each through its own sink.
   * Throws DomainError `bad-close` if the method does not split by viewer.
   */
  pairs(): PairSink;
  /** Throws DomainError `bad-close` if the pairs do not add up to the creators' counts. */
  finish(): CloseResult;
}

/** Whether a close under the policy asks for followers at its end. */
export function asksForFollowers(policy: Pick<Policy, 'eligibility' | 'boosts'>): boolean {
  return policy.eligibility.minFollowers > 0 || boostsByFollowers(policy);
}

/** `openClose` with its pairs, if it needs any, from a list in which the pairs of each viewer are consecutive. */
export function computeClose(input: CloseInput, pairs: Iterable<PairCounts> = []): CloseResult {
  const close = openClose(input);
  if (close.needsPairs) {
    const sink = close.pairs();
    for (const { viewerId, creatorId, netLikes, netFollows } of pairs) {
      sink.add(viewerId, creatorId, netLikes, netFollows);
    }
    sink.end();
  }
  return close.finish();
}

/**
 * A close from net counts to allocations: pool, points, eligibility, boosts, weights, split, carry, void and resultHash.
 * Throws DomainError `bad-policy` for boosts that would have no effect, `bad-close` for creators out of order.
 */
export function openClose(input: CloseInput): OpenClose {
  const { policy } = input;
  assertBoostsUsed(policy);
  const pool = poolOf({ ...input, revenueShare: policy.revenueShare });
  const rows = 'creatorIds' in input.creators ? input.creators : closeColumns(input.creators);
  const scale = Math.max(pointsScale(policy), rows.carriedScale);
  const points = pointsOfAll(rows, pointsOf(policy, scale));
  const used = usedPoints(input, rows, points, scale);
  const split = viewerSplitOf(policy.allocation.method);
  const viewers: ViewerUnits | undefined =
    split &&
    viewerUnits({
      weights: policy.weights,
      split,
      creatorIds: used.users.map((index) => rows.creatorIds[index] ?? ''),
      netLikes: used.users.map((index) => rows.netLikes[index] ?? 0),
      netFollows: used.users.map((index) => rows.netFollows[index] ?? 0),
    });
  return {
    needsPairs: viewers !== undefined,
    pairs() {
      if (viewers === undefined) {
        throw new DomainError('bad-close', `The method ${policy.allocation.method} does not go by viewers`);
      }
      return viewers.sink();
    },
    finish: () => finish(input, pool, { rows, points, scale, used }, viewers?.units() ?? []),
  };
}

function finish(
  input: CloseInput,
  pool: Pool,
  { rows, points, scale, used }: { rows: CloseColumns; points: readonly bigint[]; scale: number; used: UsedPoints },
  units: readonly bigint[],
): CloseResult {
  const { policy, currency } = input;
  const { users } = used;
  const weights = allocationWeights({
    points: used.points,
    scale: used.scale,
    units,
    allocation: policy.allocation,
  });
  const parts = split(pool.pool, weights, policy.allocation.maxShare);
  const allocated = parts.reduce((sum, part) => sum + part, 0n);
  const undistributed = pool.pool - allocated;

  let closed: CloseParts | undefined;
  const partsOf = (): CloseParts => {
    closed ??= closeParts(input, function* () {
      for (const [place, index] of users.entries()) {
        yield [rows.creatorIds[index] ?? '', parts[place] ?? 0n];
      }
    });
    return closed;
  };

  // A third of a close's time, and a page that tries policies has no use for it.
  const hashed = (): string => {
    const hasher = resultHasher(currency, partsOf());
    let next = 0;
    for (let index = 0; index < rows.creatorIds.length; index += 1) {
      const isUser = users[next] === index;
      hasher.add(
        rows.creatorIds[index] ?? '',
        rows.netLikes[index] ?? 0,
        rows.netFollows[index] ?? 0,
        isUser ? formatScaled(used.points[next] ?? 0n, used.scale) : '0',
        isUser ? (parts[next] ?? 0n) : 0n,
      );
      if (isUser) {
        next += 1;
      }
    }
    return hasher.digest({ ...input, revenue: pool.revenue, pool: pool.pool, undistributed });
  };
  let resultHash: string | undefined;
  let carry: CloseCarry | undefined;
  const computed = { rows, points, used, weights, parts, scale, pool: pool.pool };
  return {
    pool: { ...pool, allocated, undistributed },
    creators: {
      [Symbol.iterator]: () => closeRows(computed),
    },
    creatorCount: rows.creatorIds.length,
    shares: { creatorIds: rows.creatorIds, users, parts, points, scale },
    get carry() {
      carry ??= carryOf(computed);
      return carry;
    },
    get parts() {
      return partsOf();
    },
    get resultHash() {
      resultHash ??= hashed();
      return resultHash;
    },
  };
}

/** The split of a pool, with the cap where the policy has one. */
function split(pool: bigint, weights: readonly bigint[], maxShare: string | undefined): bigint[] {
  return maxShare === undefined
    ? splitByLargestRemainder(pool, weights)
    : splitCapped(pool, weights, shareOf(pool, maxShare)).parts;
}

interface Computed {
  readonly rows: CloseColumns;
  readonly points: readonly bigint[];
  readonly used: UsedPoints;
  readonly weights: readonly bigint[];
  readonly parts: readonly bigint[];
  readonly scale: number;
  readonly pool: bigint;
}

function* closeRows({ rows, points, used, weights, parts, scale, pool }: Computed): Generator<CloseRow> {
  let next = 0;
  for (const [index, creatorId] of rows.creatorIds.entries()) {
    const value = points[index] ?? 0n;
    const isUser = used.users[next] === index;
    const isUsedUp = pool > 0n && (isUser || used.boostedAway.has(index));
    yield {
      creatorId,
      netLikes: rows.netLikes[index] ?? 0,
      netFollows: rows.netFollows[index] ?? 0,
      carriedIn: rows.carriedIn.get(index) ?? '0',
      carriedOut: value < 0n ? formatScaled(value, scale) : '0',
      points: isUser ? formatScaled(used.points[next] ?? 0n, used.scale) : '0',
      weight: isUser ? (weights[next] ?? 0n).toString() : '0',
      amount: isUser ? (parts[next] ?? 0n) : 0n,
      void: value > 0n && !isUsedUp,
    };
    if (isUser) {
      next += 1;
    }
  }
}

/** The same as the rows' `carriedOut` and `void`. */
function carryOf({ rows: { creatorIds }, points, used, scale, pool }: Computed): CloseCarry {
  const carried = new Map<string, string>();
  const voided: string[] = [];
  let next = 0;
  for (const [index, value] of points.entries()) {
    const isUser = used.users[next] === index;
    next += isUser ? 1 : 0;
    if (value < 0n) {
      carried.set(creatorIds[index] ?? '', formatScaled(value, scale));
    } else if (value > 0n && !(pool > 0n && (isUser || used.boostedAway.has(index)))) {
      voided.push(creatorIds[index] ?? '');
    }
  }
  return { carried, voided };
}
