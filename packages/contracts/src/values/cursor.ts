import { z } from 'zod';
import { utf8Text } from './utf8.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

/** Query of every list: how many items, and where the page before ended. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  cursor: z.string().max(2048).optional().describe('`nextCursor` of the page before; leave out for the first page'),
});

/** A page of a list. `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Give it as `cursor` for the next page; null at the end'),
  });
}

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** An opaque cursor for the key of the last item on a page: base64url of its JSON. */
export function encodeCursor(key: readonly (string | number)[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(key));
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The key in a cursor, checked by `key`, or undefined where it is not one that `encodeCursor` made for this list
 * (cut, changed, or from another list): answer `bad-cursor`.
 */
export function decodeCursor<Key extends z.ZodType>(cursor: string, key: Key): z.output<Key> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) {
    return undefined;
  }
  let value: unknown;
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    value = JSON.parse(utf8Text(Uint8Array.from(binary, (character) => character.charCodeAt(0))));
  } catch {
    return undefined;
  }
  const parsed = key.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/**
 * A page from a query that fetched one row more than asked for: the extra row only says that there is a next page.
 *
 * @param keyOf the cursor key of an item
 */
export function toPage<Item>(
  rows: readonly Item[],
  limit: number,
  keyOf: (item: Item) => readonly (string | number)[],
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}

/**
 * A page of a list that is searched row by row: a page ends once it is full, or once many rows were looked at. It may be empty and not
 * the last one.
 */
export function walkedPageOf<Item extends z.ZodType>(item: Item) {
  return pageOf(item).extend({
    searched: z
      .int()
      .describe(
        'Rows that were looked at for this page; with a nextCursor and less than limit items, the search can go on',
      ),
  });
}
