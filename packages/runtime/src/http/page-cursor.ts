import { decodeCursor, encodeCursor } from '@rewardbook/contracts/values/cursor';
import type { Walked } from '@rewardbook/db/lists/walk';
import { z } from 'zod';
import { AppError } from './errors.ts';

/** Keys of lists that go by one text, or by one number. */
export const textKeySchema = z.tuple([z.string().max(512)]);
export const numberKeySchema = z.tuple([z.int().min(0)]);

/**
 * The key in the cursor of a page, or undefined for the first page.
 *
 * @param schema the keys of the list
 * @throws AppError `bad-cursor`
 */
export function readCursor<Key extends z.ZodType>(cursor: string | undefined, schema: Key): z.output<Key> | undefined {
  if (cursor === undefined) {
    return undefined;
  }
  const key = decodeCursor(cursor, schema);
  if (key === undefined) {
    throw new AppError('bad-cursor', 'Give nextCursor of the page before, unchanged');
  }
  return key;
}

const sortedKeySchema = z.tuple([z.string().max(64), z.string().max(512), z.string().max(512)]);
const DECIMAL = /^-?\d{1,100}(\.\d{1,100})?$/;

/** A list in one of its orders: whether the rows are sorted by their id, or by a decimal and then by it. */
export interface SortedBy {
  readonly sort: string;
  readonly order: string;
  readonly isById: boolean;
}

/** The key of a row in a cursor. It says its order too: a cursor of another order is none of this list. */
export function sortedKey({ sort, order }: SortedBy, key: string, id: string): readonly string[] {
  return [`${sort}:${order}`, key, id];
}

/**
 * What the page before ended with, or undefined for the first page.
 *
 * @throws AppError `bad-cursor`
 */
export function readSortedCursor(
  cursor: string | undefined,
  by: SortedBy,
): { readonly key: string; readonly id: string } | undefined {
  const read = readCursor(cursor, sortedKeySchema);
  if (read === undefined) {
    return undefined;
  }
  const [place, key, id] = read;
  if (place !== `${by.sort}:${by.order}` || (!by.isById && !DECIMAL.test(key))) {
    throw new AppError('bad-cursor', 'Give nextCursor of the page before, unchanged, with the same sort and order');
  }
  return { key, id };
}

/** The id that a list starts at. @throws AppError `invalid-request` where the list is not sorted by id */
export function startFrom({ isById }: SortedBy, from: string | undefined): string | undefined {
  if (from !== undefined && !isById) {
    throw new AppError(
      'invalid-request',
      'A list starts at an id only where it is sorted by it: leave out sort or from',
    );
  }
  return from;
}

/** A page of rows that were found on a walk by number. */
export function toWalkedPage<Row, Item>(
  { rows, searched, next }: Walked<Row>,
  toItem: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null; searched: number } {
  return { items: rows.map(toItem), nextCursor: next === null ? null : encodeCursor([next]), searched };
}
