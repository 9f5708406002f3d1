import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageQuerySchema, toPage } from './cursor.ts';

const key = z.tuple([z.string(), z.int()]);

describe('cursors', () => {
  it('bring back the key, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), (text, number) => {
        expect(decodeCursor(encodeCursor([text, number]), key)).toEqual([text, number]);
      }),
    );
  });

  it.each(['', '!', 'abc', encodeCursor([1, 2]), encodeCursor(['a'])])('refuse %j', (cursor) => {
    expect(decodeCursor(cursor, key)).toBeUndefined();
  });

  it('end where no row was left over', () => {
    expect(toPage(['a', 'b'], 2, (item) => [item])).toEqual({ items: ['a', 'b'], nextCursor: null });
    expect(toPage(['a', 'b', 'c'], 2, (item) => [item])).toEqual({
      items: ['a', 'b'],
      nextCursor: encodeCursor(['b']),
    });
    expect(toPage([], 2, () => [])).toEqual({ items: [], nextCursor: null });
  });

  it('come with a page size that is bounded', () => {
    expect(pageQuerySchema.parse({})).toMatchObject({ limit: 100 });
    expect(pageQuerySchema.safeParse({ limit: '100000' }).success).toBe(false);
    expect(pageQuerySchema.safeParse({ limit: '0' }).success).toBe(false);
  });
});
