import { readHead } from '@rewardbook/db/books/program';
import { payableAccount } from '@rewardbook/domain/books/account';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { adjust } from '../adjustments/adjust.ts';
import { sweepLeftBehind } from '../recovery/sweep.ts';
import { type Books, event, ingest, openBooks } from '../test-support/books.ts';
import { killedAt } from '../test-support/killed-at.ts';
import { earn, openPayingProgram } from '../test-support/payout-books.ts';
import { checkBalances } from '../verify/books-sql.ts';
import { listAccounts } from './account-sql.ts';
import { listAccountsAt } from './balance-at-sql.ts';
import { programsToRoll, rollBalances } from './checkpoint-sql.ts';
import { listPostings } from './sql.ts';

// Lines of closes lie in sheets of 128, balances in a checkpoint and what came since. Whatever is asked of a few creators has to come
// to the same as a look at all postings.

const SLUG = 'sheets';
const CREATORS = [
  ...Array.from({ length: 300 }, (_, index) => `c${String(index).padStart(4, '0')}`),
  'C%1',
  'Zoë',
  "a:b(c)'!*",
  'поза',
  '𝒳\u00ad~',
].sort(compareUtf8);
const ABSENT = ['A', 'c0000x', 'c0299~', 'zz', '\u{10FFFF}'];
const BY = { actor: actorOf('ada'), now: Date.parse('2024-12-15T00:00:00Z') };

interface Line {
  entryId: string;
  line: number;
  creatorId: string;
  account: string;
  amount: string;
}

let books: Books;
let programId: number;
let lines: Line[];

beforeAll(async () => {
  books = await openBooks();
  programId = await openPayingProgram(books, SLUG);
  const events = CREATORS.flatMap((creatorId, index) =>
    Array.from({ length: 1 + (index % 3) }, (_, viewer) =>
      event('like', `v${viewer}`, creatorId, '2024-10-05T10:00:00Z', { contentId: `k${index}` }),
    ),
  );
  await ingest(books.sql, programId, events);
  await earn(books, SLUG, '2024-10', [{ creatorId: 'c0007', likes: 5 }]);
  await earn(books, SLUG, '2024-11', [
    { creatorId: 'c0007', likes: 3 },
    { creatorId: 'Zoë', likes: 2 },
  ]);
  lines = await read('posting');
});
afterAll(() => books.close());

async function read(source: string): Promise<Line[]> {
  return books.sql.unsafe<Line[]>(`
    SELECT entry_id::text AS "entryId", line, creator_id AS "creatorId", account, amount::text AS amount
    FROM ${source} p WHERE program_id = ${programId} ORDER BY entry_id, line`);
}

const between = (first: string, last: string | null): Promise<Line[]> => {
  const literal = (text: string | null) => (text === null ? 'last_creator()' : `'${text.replaceAll("'", "''")}'`);
  return read(`postings_between(${programId}, ${literal(first)}, ${literal(last)})`);
};

describe('sheets', () => {
  it('hold the lines of a close: one for each creator who gets something, in byte order, in accounts as the domain has them', async () => {
    const [close] = lines.filter(({ creatorId }) => creatorId !== '');
    const own = lines.filter(({ entryId, creatorId }) => entryId === close?.entryId && creatorId !== '');
    expect(own.map(({ creatorId }) => creatorId)).toEqual(CREATORS);
    expect(own.map(({ account }) => account)).toEqual(CREATORS.map(payableAccount));
    const [{ sheets } = { sheets: 0 }] = await books.sql<{ sheets: number }[]>`
      SELECT count(*)::integer AS sheets FROM posting_sheet WHERE entry_id = ${close?.entryId ?? ''}::bigint`;
    expect(sheets).toBe(3);
  });

  it('are found for one creator as among all: there, absent, before the first and behind the last', async () => {
    for (const creatorId of ['', ...CREATORS, ...ABSENT]) {
      expect(await between(creatorId, creatorId)).toEqual(lines.filter((line) => line.creatorId === creatorId));
    }
  });

  it('are found for a range of creators', async () => {
    for (const first of ['', 'C%1', 'c0100', 'c0127x', 'c0255', ...ABSENT]) {
      for (const last of [null, 'B', 'c0000', 'c0130', 'c0299', 'zz']) {
        const expected = lines.filter(
          ({ creatorId }) => compareUtf8(creatorId, first) >= 0 && (last === null || compareUtf8(creatorId, last) <= 0),
        );
        expect(await between(first, last)).toEqual(expected);
      }
    }
  });

  it.each([1, 7, 128, 1000])('are read page by page, %i lines at a time', async (limit) => {
    for (const entryId of new Set(lines.map((line) => line.entryId))) {
      const found: unknown[] = [];
      for (let after = 0; ; ) {
        const page = await listPostings(books.sql, programId, entryId, { after, limit });
        found.push(...page);
        after = page.at(-1)?.line ?? after;
        if (page.length < limit) {
          break;
        }
      }
      const own = lines.filter((line) => line.entryId === entryId);
      expect(found).toEqual(own.map(({ line, account, amount }) => ({ line, account, amount })));
    }
  });
});

describe('balances', () => {
  const all = () => books.sql`
    SELECT creator_id, account, debit::text, credit::text FROM account_balance WHERE program_id = ${programId}
    ORDER BY creator_id, account`;

  async function paged(limit: number, until?: { seq: number; effective: string | null }): Promise<string[]> {
    const found: string[] = [];
    let after = { creatorId: '', account: '' };
    for (;;) {
      const page = until
        ? await listAccountsAt(books.sql, programId, until, { after, limit })
        : await listAccounts(books.sql, programId, (await readHead(books.sql, programId)).seq, { after, limit });
      found.push(...page.map(({ account, balance }) => `${account} ${balance}`));
      const last = page.at(-1);
      if (last === undefined || page.length < limit) {
        return found;
      }
      after = { creatorId: last.creatorId, account: last.account };
    }
  }

  it('are the same before and after a roll, and page by page as in one read', async () => {
    const before = await all();
    const pages = await paged(1000);
    expect(pages).toHaveLength(before.length);
    expect(await paged(10)).toEqual(pages);
    await rollBalances(books.sql, programId);
    expect(await all()).toEqual(before);
    expect(await paged(10)).toEqual(pages);
    expect(await paged(1)).toEqual(pages);

    // Creators who came since lie among those of the checkpoint.
    for (const creatorId of ['c0000', 'c0150', 'Zoë']) {
      const body = { kind: 'adjustment', creatorId, amount: '1.00', reason: 'r', reference: `a-${creatorId}` } as const;
      await adjust(books.ledger, SLUG, body, BY);
    }
    await earn(books, SLUG, '2024-12', [
      { creatorId: 'c0000x', likes: 2 },
      { creatorId: 'zz', likes: 1 },
    ]);
    const since = await paged(1000);
    expect(since).toHaveLength((await all()).length);
    expect(since.length).toBeGreaterThan(pages.length);
    for (const limit of [1, 2, 10, 127]) {
      expect(await paged(limit)).toEqual(since);
    }
  });

  it('are the same where the backend of a roll is killed in the middle, and the next roll is whole', async () => {
    const before = await all();
    const rolling = killedAt(books.owner, 'balance_checkpoint', () => rollBalances(books.sql, programId));
    await expect(rolling).rejects.toThrow();
    expect(await all()).toEqual(before);
    await Promise.all([1, 2, 3].map(() => rollBalances(books.ledger.slowSql, programId)));
    expect(await all()).toEqual(before);
    expect(await checkBalances(books.owner, programId)).toMatchObject({ difference: null });
  });

  it('at a point in time are read page by page too', async () => {
    for (const seq of [2, 4, 100]) {
      const until = { seq, effective: null };
      const whole = await paged(1000, until);
      for (const limit of [1, 10]) {
        expect(await paged(limit, until)).toEqual(whole);
      }
    }
  });

  it('are rolled by the sweep once much was posted since, while others post', async () => {
    await books.owner`UPDATE program_head SET rolled_seq = 0, rolled_accounts = 0 WHERE program_id = ${programId}`;
    await books.owner`DELETE FROM balance_checkpoint WHERE program_id = ${programId}`;
    expect(await programsToRoll(books.sql)).toEqual([]); // fewer than a thousand lines
    for (const period of ['2025-01', '2025-02', '2025-03']) {
      const liking = CREATORS.map((creatorId) => ({ creatorId, likes: 1 }));
      await earn(books, SLUG, period, liking);
    }
    expect(await programsToRoll(books.sql)).toEqual([programId]);
    const before = await all();
    const idle = { waiting: 1, active: 0, delayed: 0 };
    const queues = { enqueue: async () => undefined, depths: async () => ({ tally: idle, close: idle }) };
    const posting = Array.from({ length: 5 }, (_, index) => {
      const body = {
        kind: 'adjustment',
        creatorId: 'c0001',
        amount: '2.00',
        reason: 'r',
        reference: `b${index}`,
      } as const;
      return adjust(books.ledger, SLUG, body, BY);
    });
    const [{ failures }] = await Promise.all([sweepLeftBehind(books.ledger, queues), ...posting]);
    expect(failures).toEqual([]);
    expect(await programsToRoll(books.sql)).toEqual([]);
    const moved = (await all()).filter((row, index) => JSON.stringify(row) !== JSON.stringify(before[index]));
    expect(moved.map(({ account }) => account)).toEqual(['platform:rewards-expense', 'creator:c0001:payable']);
  });
});
