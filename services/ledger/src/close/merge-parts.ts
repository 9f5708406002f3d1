import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import type { Folded, FoldedExclusion } from './sql/fold.ts';

/** The parts of a fold as one: each creator and each rule once, added up; creators in byte order, as in every part. */
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
    excluded: addExclusions(a.excluded, b.excluded),
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

function addExclusions(a: readonly FoldedExclusion[], b: readonly FoldedExclusion[]): FoldedExclusion[] {
  const byRule = new Map(a.map((exclusion) => [exclusion.rule, exclusion]));
  for (const { rule, events, addedLikes, addedFollows } of b) {
    const known = byRule.get(rule);
    byRule.set(rule, {
      rule,
      events: events + (known?.events ?? 0),
      addedLikes: addedLikes + (known?.addedLikes ?? 0),
      addedFollows: addedFollows + (known?.addedFollows ?? 0),
    });
  }
  return [...byRule.values()];
}
