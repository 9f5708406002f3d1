import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import { piece, type SqlPiece, type SqlValue } from './sql-piece.ts';

/** The last row of the page before: what it is sorted by, and its id. */
export interface ListPlace {
  readonly key: string;
  readonly id: string;
}

export interface Keyset {
  /** What the list is sorted by; of the type that `key` of a place is cast to. Never null. */
  readonly by: SqlPiece;
  readonly type: 'numeric' | 'text';
  /** Unique, in byte order: decides between equal keys, in the same direction. */
  readonly id: SqlPiece;
  readonly order: ListOrder;
}

/**
 * The order of a list, and the condition for what comes after a place. Rows that come or go between two pages move no others over
 * the place: none is seen twice, and none is left out.
 */
export function keyset(
  { by, type, id, order }: Keyset,
  after: ListPlace | undefined,
): { readonly isAfter: SqlPiece; readonly orderBy: SqlPiece } {
  const isDescending = order === 'desc';
  const isById = by === id;
  const orderBy = isDescending
    ? isById
      ? piece`${id} DESC`
      : piece`${by} DESC, ${id} DESC`
    : isById
      ? id
      : piece`${by}, ${id}`;
  if (after === undefined) {
    return { isAfter: piece`true`, orderBy };
  }
  const place = placeOf(type, after);
  const key = isById ? id : piece`(${by}, ${id})`;
  const last = isById ? piece`${after.id}` : place;
  return { isAfter: isDescending ? piece`${key} < ${last}` : piece`${key} > ${last}`, orderBy };
}

/** A place as a row of SQL. */
export function placeOf(type: Keyset['type'], { key, id }: ListPlace): SqlPiece {
  return type === 'numeric' ? piece`(${key}::numeric, ${id}::text)` : piece`(${key}::text, ${id}::text)`;
}

/** A condition where the value is given. */
export function where<Value extends SqlValue>(
  value: Value | undefined,
  condition: (value: Value) => SqlPiece,
): readonly SqlPiece[] {
  return value === undefined ? [] : [condition(value)];
}

/** Ids and other texts in byte order that begin with these bytes. */
export function beginsWith(column: SqlPiece, prefix: string): SqlPiece {
  return piece`${column} ^@ ${prefix}::text`;
}

/** Texts that contain another one; a letter of A to Z in either case. Columns are compared as bytes. */
export function contains(column: SqlPiece, text: string): SqlPiece {
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return piece`strpos(lower(${column}), ${lower}::text) > 0`;
}

/** From an id on, in the direction of the list. */
export function startsAt(id: SqlPiece, order: ListOrder, from: string): SqlPiece {
  return order === 'desc' ? piece`${id} <= ${from}` : piece`${id} >= ${from}`;
}
