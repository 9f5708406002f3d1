import { decodeCursor } from '@rewardbook/contracts/values/cursor';
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
