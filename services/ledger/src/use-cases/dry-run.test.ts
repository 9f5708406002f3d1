import type { Sql } from '@rewardbook/db/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Books, event, ingest, openBooks, textOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { dryRuns } from './dry-run.ts';

let books: Books;
const PERIOD = '2024-10';

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

it('a dry run takes its place until its answer is let go, and one that fails does not', async () => {
  await openProgram(books, 'places');
  const dryRun = dryRuns(books.ledger, 1);
  await expect(dryRun('places', '2031-01')).rejects.toMatchObject({ code: 'close-out-of-order' });
  const first = await dryRun('places', PERIOD);
  await expect(dryRun('places', PERIOD)).rejects.toMatchObject({ code: 'overloaded' });
  await textOf(first.text); // made, but perhaps not sent
  await expect(dryRun('places', PERIOD)).rejects.toMatchObject({ code: 'overloaded' });
  first.release();
  const second = await dryRun('places', PERIOD);
  first.release(); // again: it has no place any more, and frees nobody else's
  await expect(dryRun('places', PERIOD)).rejects.toMatchObject({ code: 'overloaded' });
  second.release();
});

it('all parts of a dry run see the events of one moment, whatever is recorded meanwhile', async () => {
  const programId = await openProgram(books, 'moment');
  const undisturbed = await textOf((await dryRuns(books.ledger, 1)('moment', PERIOD)).text);
  const events = Array.from({ length: 20 }, (_, index) => event('like', `late${index}`, 'c1', '2024-10-20T10:00:00Z'));
  let connections = 0;
  const openConnection = (): Sql => {
    const connection = books.ledger.openConnection();
    connections += 1;
    if (connections !== 2) return connection;
    // The second part begins only once more is recorded, for viewers of both parts.
    const recorded = ingest(books.sql, programId, events);
    return new Proxy(connection, {
      get: (target, key) =>
        key === 'unsafe' ? (text: string) => recorded.then(() => target.unsafe(text)) : Reflect.get(target, key),
    });
  };
  const during = await dryRuns({ ...books.ledger, openConnection }, 1)('moment', PERIOD);
  expect(await textOf(during.text)).toBe(undisturbed);
  expect(connections).toBe(2);
  expect(await textOf((await dryRuns(books.ledger, 1)('moment', PERIOD)).text)).not.toBe(undisturbed);
});
