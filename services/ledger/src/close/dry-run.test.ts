import { findApiKey, storeApiKey } from '@rewardbook/db/api-keys';
import type { Sql } from '@rewardbook/db/client';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { createApp } from '@rewardbook/runtime/app';
import { createLogger } from '@rewardbook/runtime/logger';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Books, event, ingest, openBooks, textOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { dryRuns } from './dry-run.ts';
import { periodRoutes } from './routes.ts';

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
  first.release(); // again: it no longer has a place, and does not free another's
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
    if (connections !== 2) {
      return connection;
    }
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

it('the place is kept while the answer is being sent, and free once it was or the caller has gone', async () => {
  const { key, hash } = createKey();
  await storeApiKey(books.owner, { name: 'operator', keyHash: hash, scopes: ['operate'] });
  const app = await createApp({
    name: 'ledger',
    description: 'test',
    logger: createLogger({ name: 'test', level: 'silent' }),
    findKey: (found) => findApiKey(books.sql, found),
  });
  const released: string[] = [];
  async function* text(pieces: number): AsyncGenerator<string> {
    for (let piece = 0; piece < pieces; piece += 1) {
      yield 'x'.repeat(65_536);
    }
  }
  periodRoutes(app, books.ledger, async (program) => ({
    text: text(program === 'endless' ? Number.POSITIVE_INFINITY : 2),
    release: () => void released.push(program),
  }));
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = (program: string) =>
    fetch(`${address}/v1/programs/${program}/periods/${PERIOD}/close?dryRun=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
    });
  expect((await (await ask('short')).text()).length).toBe(131_072);
  const reader = (await ask('endless')).body?.getReader();
  await reader?.read();
  expect(released).toEqual(['short']);
  await reader?.cancel();
  await expect.poll(() => released).toEqual(['short', 'endless']);
  await app.close();
});
