import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import type { Folded } from '../sql/fold.ts';

/** The parts of a fold as one: each creator once, added up, in byte order, as in every part; what the rules excluded one after the other. */
export function mergeParts(parts: readonly Folded[]): Folded {
  const [first, ...others] = parts;
  if (first === undefined) {
    throw new Error('a fold has one part at least');
  }
  return others.reduce(mergeTwo, first);
}

function mergeTwo(a: Folded, b: Folded): Folded {
  const merged: Folded = {
    creatorIds: [],
    netLikes: [],
    netFollows: [],
    followers: [],
    excluded: [...a.excluded, ...b.excluded],
  };
  let [i, j] = [0, 0];
  while (i < a.creatorIds.length || j < b.creatorIds.length) {
    const [fromA, fromB] = [a.creatorIds[i], b.creatorIds[j]];
    const order = fromA === undefined ? 1 : fromB === undefined ? -1 : compareUtf8(fromA, fromB);
    const takesA = order <= 0;
    const takesB = order >= 0;
    merged.creatorIds.push((takesA ? fromA : fromB) ?? '');
    merged.netLikes.push((takesA ? (a.netLikes[i] ?? 0) : 0) + (takesB ? (b.netLikes[j] ?? 0) : 0));
    merged.netFollows.push((takesA ? (a.netFollows[i] ?? 0) : 0) + (takesB ? (b.netFollows[j] ?? 0) : 0));
    merged.followers.push((takesA ? (a.followers[i] ?? 0) : 0) + (takesB ? (b.followers[j] ?? 0) : 0));
    if (takesA) {
      i += 1;
    }
    if (takesB) {
      j += 1;
    }
  }
  return merged;
}
