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
  readonly carriedIn: Map<number, string>;
  readonly carriedScale: number;
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
  { creatorIds, netLikes, netFollows, carriedIn }: CloseColumns,
  formula: PointsOf,
): bigint[] {
  return creatorIds.map((_, index) => formula(netLikes[index] ?? 0, netFollows[index] ?? 0, carriedIn.get(index)));
}
