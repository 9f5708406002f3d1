import { scaleOf } from '@rewardbook/money/decimal';
import type { PointsOf } from '../policy/points.ts';
import { DomainError } from '../values/error.ts';
import { compareUtf8 } from '../values/utf8-order.ts';

/** What one creator brings to a close. */
export interface CreatorCounts {
  readonly creatorId: string;
  /** Gained − lost at this close, void losses left out. */
  readonly netLikes: number;
  readonly netFollows: number;
  /** Points carried in, zero or negative, as a plain decimal; left out or "0" if nothing is carried in. */
  readonly carriedIn?: string | undefined;
}

/** Net counts of creators as columns, by creatorId in byte order. */
export interface NetColumns {
  readonly creatorIds: readonly string[];
  readonly netLikes: ArrayLike<number>;
  readonly netFollows: ArrayLike<number>;
}

/**
 * Everybody who gained, lost or carries, by creatorId in byte order.
 *
 * @param carried points carried in, by creatorId in byte order
 */
export function* withCarriers(
  { creatorIds, netLikes, netFollows }: NetColumns,
  carried: ReadonlyMap<string, string>,
): Generator<CreatorCounts> {
  const carriers = carried.keys();
  let carrier = carriers.next();
  const carrierAlone = (creatorId: string): CreatorCounts => ({
    creatorId,
    netLikes: 0,
    netFollows: 0,
    carriedIn: carried.get(creatorId),
  });
  for (const [index, creatorId] of creatorIds.entries()) {
    while (!carrier.done && compareUtf8(carrier.value, creatorId) < 0) {
      yield carrierAlone(carrier.value);
      carrier = carriers.next();
    }
    if (!carrier.done && carrier.value === creatorId) {
      carrier = carriers.next();
    }
    yield {
      creatorId,
      netLikes: netLikes[index] ?? 0,
      netFollows: netFollows[index] ?? 0,
      carriedIn: carried.get(creatorId),
    };
  }
  for (; !carrier.done; carrier = carriers.next()) {
    yield carrierAlone(carrier.value);
  }
}

// A million creators are held as columns, and carried-in points only for those who have any: the objects and strings of
// a creator are made when its row is read.
/** Net counts and carried-in points of the creators who have any. */
export interface CloseColumns {
  readonly creatorIds: string[];
  readonly netLikes: number[];
  readonly netFollows: number[];
  readonly carriedIn: ReadonlyMap<number, string>;
  readonly carriedScale: number;
  /** Which creators have the same counts; given where more than one policy is tried on them. */
  readonly equals?: EqualCounts;
}

/** Creators with the same net counts, as groups: what is the same for all of a group is worked out once. */
export interface EqualCounts {
  readonly netLikes: readonly number[];
  readonly netFollows: readonly number[];
  /** Group of each creator. */
  readonly groupOf: Uint32Array;
}

export function equalCounts({ netLikes, netFollows }: Pick<CloseColumns, 'netLikes' | 'netFollows'>): EqualCounts {
  const groups = new Map<number, Map<number, number>>();
  const likes: number[] = [];
  const follows: number[] = [];
  const groupOf = Uint32Array.from(netLikes, (like, index) => {
    const follow = netFollows[index] ?? 0;
    const ofLike = groups.get(like) ?? new Map<number, number>();
    groups.set(like, ofLike);
    const known = ofLike.get(follow);
    if (known !== undefined) {
      return known;
    }
    ofLike.set(follow, likes.length);
    likes.push(like);
    follows.push(follow);
    return likes.length - 1;
  });
  return { netLikes: likes, netFollows: follows, groupOf };
}

/** Throws DomainError `bad-close` unless creators are in byte order, each once. */
export function closeColumns(creators: Iterable<CreatorCounts>): CloseColumns {
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
    if (creator.netLikes === 0 && creator.netFollows === 0 && !carries) {
      continue;
    }
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

/** Points of all creators, × 10^(scale of the formula). */
export function pointsOfAll(
  { creatorIds, netLikes, netFollows, carriedIn, equals }: CloseColumns,
  formula: PointsOf,
): bigint[] {
  if (equals === undefined) {
    return creatorIds.map((_, index) => formula(netLikes[index] ?? 0, netFollows[index] ?? 0, carriedIn.get(index)));
  }
  const ofGroups = equals.netLikes.map((like, group) => formula(like, equals.netFollows[group] ?? 0, undefined));
  const points = Array.from(equals.groupOf, (group) => ofGroups[group] ?? 0n);
  for (const [index, carried] of carriedIn) {
    points[index] = formula(netLikes[index] ?? 0, netFollows[index] ?? 0, carried);
  }
  return points;
}
