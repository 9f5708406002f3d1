import fc from 'fast-check';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import type { CloseInput } from '../close/close.ts';
import { testClose } from '../close/test-close.ts';
import type { Policy } from '../policy/policy.ts';
import { sortUtf8 } from '../values/utf8-order.ts';
import type { CreatorCounts } from './close-columns.ts';
import type { PairCounts } from './viewer-units.ts';

/** `['v1', 'a', 2]`: viewer, creator, likes, and follows if there are any. */
export type Pair = readonly [viewerId: string, creatorId: string, likes: number, follows?: number];

/** A close of what viewers gave creators, with all of the revenue as pool. For tests. */
export function closeOfPairs(
  pairs: readonly Pair[],
  changes: Partial<Policy> = {},
  input: Partial<CloseInput> = {},
): ReturnType<typeof testClose> {
  const policy = testPolicy({ revenueShare: '1', ...changes });
  return testClose({ policy, revenueEntries: 1_000_000n, creators: countsOf(pairs), ...input }, byViewer(pairs));
}

/** Weights by creator. */
export function weightsOf(pairs: readonly Pair[], changes: Partial<Policy>): Map<string, bigint> {
  return new Map(closeOfPairs(pairs, changes).rows.map(({ creatorId, weight }) => [creatorId, BigInt(weight)]));
}

export function countsOf(pairs: readonly Pair[]): CreatorCounts[] {
  const creatorIds = sortUtf8([...new Set(pairs.map(([, creatorId]) => creatorId))]);
  return creatorIds.map((creatorId) => {
    const own = pairs.filter((pair) => pair[1] === creatorId);
    const netLikes = own.reduce((sum, [, , likes]) => sum + likes, 0);
    return { creatorId, netLikes, netFollows: own.reduce((sum, [, , , follows = 0]) => sum + follows, 0) };
  });
}

/** Viewers in order of appearance, all of a viewer's pairs together. */
export function byViewer(pairs: readonly Pair[]): PairCounts[] {
  const viewerIds = [...new Set(pairs.map(([viewerId]) => viewerId))];
  return viewerIds.flatMap((viewerId) =>
    pairs
      .filter((pair) => pair[0] === viewerId)
      .map(([, creatorId, netLikes, netFollows = 0]) => ({ viewerId, creatorId, netLikes, netFollows })),
  );
}

const CREATORS = ['a', 'b', 'c', 'd\u{1f600}', 'd\uffee'];

/** Pairs of a few viewers and creators, each pair once; `least` likes and follows at least. */
export function pairsArbitrary({ least = 0, viewers = 6 } = {}): fc.Arbitrary<Pair[]> {
  const count = fc.integer({ min: least, max: 9 });
  return fc.uniqueArray(
    fc.tuple(
      fc.integer({ min: 1, max: viewers }).map((number) => `v${number}`),
      fc.constantFrom(...CREATORS),
      count,
      count,
    ),
    { minLength: 1, maxLength: 20, selector: ([viewerId, creatorId]) => `${viewerId} ${creatorId}` },
  );
}
