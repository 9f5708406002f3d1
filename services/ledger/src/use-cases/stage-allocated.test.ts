import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stageAllocations } from '../store/allocation-store.ts';
import { withAttempt } from '../store/attempt-store.ts';
import { beginEntry, stageAllocated } from '../store/entry-store.ts';
import { type Books, openBooks } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';

let books: Books;
let programId: number;

beforeAll(async () => {
  books = await openBooks();
  programId = await openProgram(books, 'lines');
});
afterAll(() => books.close());

const ALLOCATED: [creatorId: string, amount: string][] = [
  ['B', '0.10'],
  ['Zoë', '2.00'],
  ['a', '0.00'],
  ['b', '3.00'],
  ['c', '4.00'],
];
const attempt = (work: (foldId: string) => Promise<void>) =>
  withAttempt(books.ledger.openConnection, { programId, closeNo: 1, parts: 1 }, work);

describe("creators' lines that the database makes", () => {
  it('are one for each of a range to whom something is allocated, in byte order, from the line given', () =>
    attempt(async (foldId) => {
      const rows = ALLOCATED.map(([creatorId]) => {
        const none = { netLikes: 1, netFollows: 0, carriedIn: '0', carriedOut: '0', points: '1', weight: '1' };
        return { ...none, creatorId, amount: 0n, void: false };
      });
      const amounts = ALLOCATED.map(([, amount]) => amount);
      await stageAllocations(books.sql, programId, foldId, rows, amounts);
      const entryId = await beginEntry(books.sql, programId, foldId);
      await stageAllocated(books.sql, programId, { foldId, entryId, firstLine: 4, first: 'B', last: 'b' });
      const lines = await books.sql`
        SELECT line, account, amount FROM posting WHERE entry_id = ${entryId}::bigint ORDER BY line`;
      expect([...lines]).toEqual([
        { line: 4, account: 'creator:B:payable', amount: '-0.10' },
        { line: 5, account: 'creator:Zo%C3%AB:payable', amount: '-2.00' },
        { line: 6, account: 'creator:b:payable', amount: '-3.00' },
      ]);
    }));

  it('are not those of another attempt than the entry belongs to, nor of one that is gone', () =>
    attempt(async (foldId) => {
      const range = { firstLine: 1, first: 'B', last: 'c' };
      const other = await beginEntry(books.sql, programId, '0');
      await expect(stageAllocated(books.sql, programId, { foldId, entryId: other, ...range })).rejects.toMatchObject({
        code: 'entry-not-open',
      });
      await expect(
        stageAllocated(books.sql, programId, { foldId: '0', entryId: other, ...range }),
      ).rejects.toMatchObject({ code: 'fold-not-open' });
    }));
});
