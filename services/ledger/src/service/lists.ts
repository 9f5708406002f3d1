import { decodeCursor } from '@rewardbook/contracts/values/cursor';
import { AppError } from '@rewardbook/runtime/http/errors';
import { z } from 'zod';

/** The key of a page's cursor, or undefined on the first page. Throws AppError `bad-cursor`. */
export function cursorKey<Key extends z.ZodType>(cursor: string | undefined, key: Key): z.output<Key> | undefined {
  if (cursor === undefined) {
    return undefined;
  }
  const decoded = decodeCursor(cursor, key);
  if (decoded === undefined) {
    throw new AppError('bad-cursor', 'Give nextCursor of the previous page, unchanged');
  }
  return decoded;
}

/** Keys of cursors. */
export const textKeySchema = z.tuple([z.string().max(512)]);
export const numberKeySchema = z.tuple([z.int().min(0)]);
/** The entry at which the first page was read, and the last account. */
export const accountKeySchema = z.tuple([z.int().min(0), z.string().max(512), z.string().max(1024)]);
export const differenceKeySchema = z.tuple([z.string().max(64), z.string().max(512), z.string().max(64)]);
export const movementKeySchema = z.tuple([z.int().min(0), z.int().min(0)]);
