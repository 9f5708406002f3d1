import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';

/** Two lists of ids as one, in byte order. */
export interface JoinedIds {
  readonly creatorIds: readonly string[];
  /** Places of the first list's ids in it; undefined: it is the first list. */
  readonly ofFirst: Int32Array | undefined;
  /** Places of the second list's ids in it; undefined: they are the same. */
  readonly ofSecond: Int32Array | undefined;
}

// Policies that are tried on the same counts have the same lists.
const KNOWN = new WeakMap<readonly string[], WeakMap<readonly string[], JoinedIds>>();

/** Joins two lists in byte order, each id once. The same lists are joined once. */
export function joinIds(first: readonly string[], second: readonly string[]): JoinedIds {
  if (first === second) {
    return { creatorIds: first, ofFirst: undefined, ofSecond: undefined };
  }
  const ofFirst = KNOWN.get(first) ?? new WeakMap<readonly string[], JoinedIds>();
  KNOWN.set(first, ofFirst);
  const joined = ofFirst.get(second) ?? merged(first, second);
  ofFirst.set(second, joined);
  return joined;
}

/** Values of a list at their places in a joined one; 0n where it has none. */
export function atPlaces(values: readonly bigint[], places: Int32Array | undefined, size: number): readonly bigint[] {
  if (places === undefined) {
    return values;
  }
  const placed = new Array<bigint>(size).fill(0n);
  for (const [index, place] of places.entries()) {
    placed[place] = values[index] ?? 0n;
  }
  return placed;
}

function merged(first: readonly string[], second: readonly string[]): JoinedIds {
  const creatorIds: string[] = [];
  const ofFirst = new Int32Array(first.length);
  const ofSecond = new Int32Array(second.length);
  let a = 0;
  let b = 0;
  while (a < first.length || b < second.length) {
    const idA = first[a];
    const idB = second[b];
    const order = idA === undefined ? 1 : idB === undefined ? -1 : idA === idB ? 0 : compareUtf8(idA, idB);
    const place = creatorIds.length;
    creatorIds.push((order <= 0 ? idA : idB) ?? '');
    if (order <= 0) {
      ofFirst[a] = place;
      a += 1;
    }
    if (order >= 0) {
      ofSecond[b] = place;
      b += 1;
    }
  }
  const isFirst = creatorIds.length === first.length;
  return isFirst ? { creatorIds: first, ofFirst: undefined, ofSecond } : { creatorIds, ofFirst, ofSecond };
}
