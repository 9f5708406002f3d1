import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { type Books, openBooks } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { beginClose } from './begin-close.ts';

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

it('a close is begun also while the queue cannot be reached: the sweep hands it to the workers', async () => {
  await openProgram(books, 'no-queue');
  const ledger = { ...books.ledger, enqueueClose: () => Promise.reject(new Error('the queue is down')) };
  expect(await beginClose(ledger, 'no-queue', '2024-10', actorOf('test'))).toEqual({ status: 'closing' });
  const rows = await books.sql`SELECT period, status FROM close`;
  expect(rows).toEqual([{ period: '2024-10', status: 'closing' }]);
});
