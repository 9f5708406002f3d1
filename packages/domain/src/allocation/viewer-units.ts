import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { splitByLargestRemainder } from '@rewardbook/money/split/largest-remainder';
import type { Policy } from '../policy/policy.ts';
import { DomainError } from '../values/error.ts';

/** How a viewer's units are split over the creators that the viewer brought points to. */
export type ViewerSplit = 'by-points' | 'equally';

/** What each viewer splits. */
export const UNITS = 10n ** 18n;

/** Gained − lost between one viewer and one creator at a close, void losses left out. */
export interface PairCounts {
  readonly viewerId: string;
  readonly creatorId: string;
  readonly netLikes: number;
  readonly netFollows: number;
}

/** Takes pairs, all of a viewer one after the other; viewers in any order. */
export interface PairSink {
  /** Throws DomainError `bad-close` for a pair that comes twice. */
  add(viewerId: string, creatorId: string, netLikes: number, netFollows: number): void;
  /** To be called after the last pair. */
  end(): void;
}

export interface ViewerUnits {
  /** A sink for a share of the viewers: several shares may be given concurrently, each through its own sink. */
  sink(): PairSink;
  /** Units of each creator. Throws DomainError `bad-close` where the pairs do not add up to the creators' counts. */
  units(): bigint[];
}

export interface ViewerUnitsInput {
  readonly weights: Policy['weights'];
  readonly split: ViewerSplit;
  /** Creators with positive points, by creatorId in byte order: only they get units. */
  readonly creatorIds: readonly string[];
  /** What the pairs of each creator have to add up to. */
  readonly netLikes: readonly number[];
  readonly netFollows: readonly number[];
}

/**
 * Splits 10^18 units of each viewer over the creators with positive points whose pair with the viewer is positive, by the pairs'
 * points or equally, by largest remainder, ties to the smaller creatorId. Holds sums of creators and one viewer's pairs a sink,
 * so memory does not grow with the number of pairs.
 */
export function viewerUnits({ weights, split, creatorIds, netLikes, netFollows }: ViewerUnitsInput): ViewerUnits {
  const places = new Map(creatorIds.map((creatorId, index) => [creatorId, index]));
  const units = creatorIds.map(() => 0n);
  const likesOfPairs = new Float64Array(creatorIds.length);
  const followsOfPairs = new Float64Array(creatorIds.length);
  const pointsOfPair = pairPoints(weights);

  return {
    sink() {
      let current: string | undefined;
      let pairs: Pair[] = [];
      const flush = (): void => {
        if (pairs.length > 1) {
          sortByPlace(pairs, (place) => twice(current ?? '', creatorIds[place] ?? ''));
        }
        giveUnits(units, pairs, split);
        pairs = [];
      };
      return {
        add(viewerId, creatorId, likes, follows) {
          if (viewerId !== current) {
            flush();
            current = viewerId;
          }
          const place = places.get(creatorId);
          if (place === undefined) {
            return;
          }
          likesOfPairs[place] = (likesOfPairs[place] ?? 0) + likes;
          followsOfPairs[place] = (followsOfPairs[place] ?? 0) + follows;
          pairs.push({ place, points: pointsOfPair(likes, follows) });
        },
        end() {
          flush();
          current = undefined;
        },
      };
    },
    units() {
      for (const [place, creatorId] of creatorIds.entries()) {
        if (likesOfPairs[place] === netLikes[place] && followsOfPairs[place] === netFollows[place]) {
          continue;
        }
        throw new DomainError(
          'bad-close',
          `The pairs of ${creatorId} come to ${likesOfPairs[place]} likes and ${followsOfPairs[place]} follows, ` +
            `its counts are ${netLikes[place]} and ${netFollows[place]}`,
        );
      }
      return units;
    },
  };
}

interface Pair {
  /** Of the creator, among those with positive points. */
  readonly place: number;
  readonly points: bigint;
}

// Pairs with a few likes and no follow are nearly all there are: made once instead of millions of times.
const FEW_LIKES = 64;

/** Points of a pair, whole numbers in proportion to the policy's weights. */
export function pairPoints(weights: Policy['weights']): (likes: number, follows: number) => bigint {
  const scale = Math.max(scaleOf(weights.like), scaleOf(weights.follow));
  const like = parseScaled(weights.like, scale);
  const follow = parseScaled(weights.follow, scale);
  const ofLikes = Array.from({ length: FEW_LIKES }, (_, likes) => BigInt(likes) * like);
  return (likes, follows) => {
    const known = follows === 0 ? ofLikes[likes] : undefined;
    return known ?? BigInt(likes) * like + BigInt(follows) * follow;
  };
}

/** What one viewer's units come to for each creator, by the points of the pairs in order of creatorId: what a weight is made of. */
export function unitsOfViewer(points: readonly bigint[], split: ViewerSplit): bigint[] {
  const units = points.map(() => 0n);
  giveUnits(
    units,
    points.map((value, place) => ({ place, points: value })),
    split,
  );
  return units;
}

/** Adds one viewer's units to those of the creators. Expects the pairs in order of place. */
function giveUnits(units: bigint[], all: readonly Pair[], split: ViewerSplit): void {
  const [only] = all;
  if (only === undefined) {
    return;
  }
  if (all.length === 1) {
    if (only.points > 0n) {
      units[only.place] = (units[only.place] ?? 0n) + UNITS;
    }
    return;
  }
  let pairs = all;
  let isEven = true;
  for (const { points } of all) {
    if (points <= 0n) {
      pairs = all.filter(isPositive);
    }
    if (points !== only.points) {
      isEven = false;
    }
  }
  if (isEven || split === 'equally') {
    giveEqually(units, pairs);
  } else {
    giveByPoints(units, pairs);
  }
}

/** Largest remainder of equal weights: all remainders are equal, so the units left go to the first. */
function giveEqually(units: bigint[], pairs: readonly Pair[]): void {
  const sharing = BigInt(pairs.length);
  if (sharing === 0n) {
    return;
  }
  const floor = UNITS / sharing;
  let left = Number(UNITS % sharing);
  for (const { place } of pairs) {
    units[place] = (units[place] ?? 0n) + (left > 0 ? floor + 1n : floor);
    left -= 1;
  }
}

function giveByPoints(units: bigint[], pairs: readonly Pair[]): void {
  const parts = splitByLargestRemainder(
    UNITS,
    pairs.map(({ points }) => points),
  );
  for (const [index, { place }] of pairs.entries()) {
    units[place] = (units[place] ?? 0n) + (parts[index] ?? 0n);
  }
}

function isPositive({ points }: Pair): boolean {
  return points > 0n;
}

function sortByPlace(pairs: Pair[], onTwice: (place: number) => never): void {
  let isSorted = true;
  let previous = -1;
  for (const { place } of pairs) {
    if (place <= previous) {
      isSorted = false;
    }
    previous = place;
  }
  if (isSorted) {
    return;
  }
  pairs.sort((a, b) => a.place - b.place);
  for (const [index, { place }] of pairs.entries()) {
    if (pairs[index + 1]?.place === place) {
      onTwice(place);
    }
  }
}

function twice(viewerId: string, creatorId: string): never {
  throw new DomainError('bad-close', `The pair of viewer ${viewerId} and creator ${creatorId} comes twice`);
}
