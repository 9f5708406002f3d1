import { z } from 'zod';
import { pageOf } from '../../values/cursor.ts';

/** A batch's number, safe as a JavaScript number. */
export const batchIdSchema = z.string().regex(/^[1-9]\d{0,14}$/, { error: 'a batch is a number' });

export const searchedSchema = z
  .int()
  .nullable()
  .describe(
    'How many were looked through for it, where no index finds what was asked for; null: only those that are listed',
  );

/** A page of a list whose filters have no index: each page looks through a number of rows at most, and may have few items or none. */
export function searchedPageOf<Item extends z.ZodType>(item: Item) {
  return pageOf(item).extend({ searched: searchedSchema });
}
