import { connect, type Sql } from '@rewardbook/db/client';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ledger } from '../service/ledger.ts';
import { type Books, begin, closeNow, openBooks, programOf, resultOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { closePeriod } from './close-period.ts';
import { readPairs } from './sql/viewers.ts';

// Closes that go on asking the connections that folded them.

const CHANGES: Partial<Policy> = {
  allocation: { method: 'blend', lambda: '0.5' },
  boosts: [{ name: 'rising', when: { minGrowth: '0.05' }, multiplier: '1.5' }],
};

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

/** Everything of a result that does not name the program. */
async function outcome(slug: string): Promise<unknown> {
  const { pool, allocated, creators, metrics } = JSON.parse(await resultOf(books, slug, '2024-10'));
  return { pool, allocated, creators, metrics };
}

it('come to the same in one part and in two', async () => {
  await openProgram(books, 'two', CHANGES);
  await closeNow(books, 'two', '2024-10');
  await openProgram(books, 'one', CHANGES);
  await begin(books, await programOf(books, 'one'), '2024-10');
  await closePeriod({ ...books.ledger, eventsForTwoParts: 1_000_000 }, { program: 'one', period: '2024-10' });
  expect(await outcome('one')).toEqual(await outcome('two'));
});

it('fail where such a connection is lost, and are done by the next attempt', async () => {
  await openProgram(books, 'lost', CHANGES);
  await begin(books, await programOf(books, 'lost'), '2024-10');
  const opened: Sql[] = [];
  const losing: Ledger = {
    ...books.ledger,
    openConnection: () => {
      const connection = connect(books.database.serviceUrl, { max: 1 });
      opened.push(connection);
      return connection;
    },
    observePhase: (phase) => {
      if (phase === 'fold') {
        for (const connection of opened) {
          void connection.end({ timeout: 0 });
        }
      }
    },
  };
  const job = { program: 'lost', period: '2024-10' };
  await expect(closePeriod(losing, job)).rejects.toThrow();
  await closePeriod(books.ledger, job);
  expect(await outcome('lost')).toEqual(await outcome('two'));
  const { checks } = await verifyProgram(books.ledger, await programOf(books, 'lost'));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

it('a connection that has not folded has no pairs to give: that is an error and not nothing', async () => {
  await expect(readPairs(books.sql, { add: () => {}, end: () => {} })).rejects.toThrow('pair_change');
});
