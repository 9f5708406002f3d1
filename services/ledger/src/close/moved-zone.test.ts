import { findClose } from '@rewardbook/db/books/closes';
import { periodBounds } from '@rewardbook/domain/values/period';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { type Books, event, ingest, openBooks, programOf, testPolicy } from '../test-support/books.ts';
import { NOW } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { beginClose } from './begin-close.ts';
import { closePeriod } from './close-period.ts';
import { dryRuns } from './dry-run.ts';
import { beginClose as callBeginClose } from './sql/periods.ts';

const HOUR_MS = 3_600_000;
let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

// A close that was begun under older rules has other bounds than the zone's rules of today give: that is all that is left of them.
it.each([
  ['later', HOUR_MS],
  ['earlier', -HOUR_MS],
])(
  'a period that ended an hour %s by the zone rules of its day: the next close begins where it ended',
  async (name, shift) => {
    const { ledger } = books;
    const policy = testPolicy({
      program: name,
      timeZone: 'Asia/Jakarta',
      risk: { maxLikesPerPair: 1 },
      maxLatePeriods: 0,
    });
    await applyPolicy(ledger, { program: name, policy, from: undefined, actor: actorOf('test') });
    const program = await programOf(books, name);
    for (const period of ['2024-09', '2024-10', '2024-11']) {
      await bookRevenue(
        ledger,
        name,
        { period, amount: '900.00', reference: period },
        { actor: actorOf('test'), now: NOW },
      );
    }
    const { start, end } = periodBounds('2024-10', 'Asia/Jakarta');
    const then = end + shift;
    const at = (instant: number) => new Date(instant).toISOString();
    // Around both ends: one like of a pair counts in each period, by the bounds that the closes fixed.
    await ingest(
      books.sql,
      program.programId,
      [start - 1, end - HOUR_MS - 1, end - 1, end, end + HOUR_MS + 1].map((instant, index) =>
        event('like', 'v1', 'c1', at(instant), { contentId: `k${index}`, id: `${name}${index}` }),
      ),
    );
    await beginClose(ledger, name, '2024-09', actorOf('test'));
    await closePeriod(ledger, { program: name, period: '2024-09' });
    await callBeginClose(books.sql, {
      programId: program.programId,
      period: '2024-10',
      startsAt: start,
      endsAt: then,
      previous: '2024-09',
      actor: actorOf('test'),
    });
    await closePeriod(ledger, { program: name, period: '2024-10' });

    const dryRun = await dryRuns(ledger, 1)(name, '2024-11');
    let dry = '';
    for await (const piece of dryRun.text) {
      dry += piece;
    }
    await beginClose(ledger, name, '2024-11', actorOf('test'));
    const hash = await closePeriod(ledger, { program: name, period: '2024-11' });
    expect(JSON.parse(dry).resultHash).toBe(hash);
    expect(await findClose(books.sql, program.programId, '2024-11')).toMatchObject({
      startsAt: then,
      endsAt: periodBounds('2024-11', 'Asia/Jakarta').end,
    });
    const { checks } = await verifyProgram(ledger, program);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  },
);
