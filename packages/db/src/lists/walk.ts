import type { ListOrder } from '@rewardbook/contracts/values/list-query';

/** Rows by their number, that are searched for a page without an index for what is sought: more would keep somebody waiting. */
const MAX_WALKED = 50_000;

/** Numbered rows from a place on. */
export interface WalkStart {
  readonly order: ListOrder;
  /** The last number that was looked at; undefined: none yet. */
  readonly after: number | undefined;
  /** The first and the last number that there may be. */
  readonly first: number;
  readonly last: number;
  /** An index leads to what is sought: all numbers are looked at. */
  readonly isIndexed: boolean;
}

/** The numbers that are looked at for a page, both ends included; `low` above `high`: none is left. */
export interface Walk {
  readonly low: number;
  readonly high: number;
  /** Nothing comes after these. */
  readonly isEnd: boolean;
}

export function walkFrom({ order, after, first, last, isIndexed }: WalkStart): Walk {
  const span = isIndexed ? Number.MAX_SAFE_INTEGER : MAX_WALKED;
  if (order === 'asc') {
    const low = Math.max(first, (after ?? first - 1) + 1);
    const high = Math.min(last, low + span - 1);
    return { low, high, isEnd: high >= last };
  }
  const high = Math.min(last, (after ?? last + 1) - 1);
  const low = Math.max(first, high - span + 1);
  return { low, high, isEnd: low <= first };
}

/** Rows that were found on a walk, and how far it went. */
export interface Walked<Row> {
  readonly rows: readonly Row[];
  /** How many numbers were looked at. */
  readonly searched: number;
  /** Where the next page goes on; null at the end. */
  readonly next: number | null;
}

/** @param rows what was found, one more than the page has room for if there is */
export function walked<Row>(
  rows: readonly Row[],
  limit: number,
  { order, walk, numberOf }: { order: ListOrder; walk: Walk; numberOf: (row: Row) => number },
): Walked<Row> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  if (rows.length > limit && last !== undefined) {
    const at = numberOf(last);
    return { rows: kept, searched: order === 'asc' ? at - walk.low + 1 : walk.high - at + 1, next: at };
  }
  return {
    rows: kept,
    searched: Math.max(0, walk.high - walk.low + 1),
    next: walk.isEnd ? null : order === 'asc' ? walk.high : walk.low,
  };
}
