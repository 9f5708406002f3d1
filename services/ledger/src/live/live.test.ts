import { type BooksLive, booksLiveSchema } from '@rewardbook/contracts/api/live/books';
import { connect } from '@rewardbook/db/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type EventFeed, listenTo } from '../../../../test/support/event-feed.ts';
import { applyTestPolicy } from '../../../../test/support/test-program.ts';
import { testPolicy } from '../test-support/books.ts';
import { openService, type TestService } from '../test-support/service.ts';

let service: TestService;
let operator: string;
let url: string;
const feeds: EventFeed[] = [];
const PERIOD = '/v1/programs/books/periods/2024-10';

beforeAll(async () => {
  service = await openService({ sweepEveryMs: 200 });
  await applyTestPolicy(service.books.owner, testPolicy());
  operator = await service.rootKey('olga', ['read', 'operate']);
  url = await service.composed.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  for (const feed of feeds) {
    feed.leave();
  }
  await service.close();
});

async function listen(): Promise<EventFeed> {
  const feed = await listenTo(`${url}/v1/programs/books/live`, { authorization: `Bearer ${operator}` });
  feeds.push(feed);
  return feed;
}

function stateOf(feed: EventFeed): BooksLive {
  return booksLiveSchema.parse(feed.state());
}

it('tells of closes with their steps, of entries, and of what comes of them', async () => {
  const feed = await listen();
  await vi.waitFor(
    () => expect(stateOf(feed)).toMatchObject({ close: null, closes: { closed: 0 }, verify: null }),
    10_000,
  );
  expect(stateOf(feed).queues).toMatchObject({ tally: { failed: 0 }, close: { failed: 0 } });
  const before = stateOf(feed).journal.seq;
  const body = { period: '2024-10', amount: '100.00', reference: 'r1' };
  expect((await service.call(operator, 'POST', '/v1/programs/books/revenue', body)).status).toBeLessThan(300);
  await vi.waitFor(() => expect(stateOf(feed).journal.seq).toBe(before + 1), 10_000);

  // Held up in its first step, so that it can be seen.
  const locks = connect(service.books.database.ownerUrl, { max: 1 });
  await locks.unsafe('BEGIN; LOCK TABLE event IN ACCESS EXCLUSIVE MODE');
  expect((await service.call(operator, 'POST', `${PERIOD}/close`)).status).toBe(202);
  await vi.waitFor(
    () => expect(stateOf(feed).close).toMatchObject({ period: '2024-10', status: 'closing', begunBy: 'olga' }),
    10_000,
  );
  await locks.end({ timeout: 1 });
  await vi.waitFor(
    () => expect(stateOf(feed)).toMatchObject({ close: null, closes: { closed: 1, last: '2024-10' } }),
    20_000,
  );
  const watched = (await service.call(operator, 'GET', `${PERIOD}/close`)).json();
  expect(watched.phases.map(({ phase }: { phase: string }) => phase)).toEqual([
    'fold',
    'registry',
    'compute',
    'allocations',
    'proof',
    'commit',
  ]);
  expect(watched).toMatchObject({ status: 'closed', begunBy: 'olga', failure: null });
  expect((await service.call(operator, 'GET', '/v1/programs/books/periods/2024-11/close')).status).toBe(404);
}, 60_000);

it('tells of verifications as they go', async () => {
  const feed = await listen();
  await service.call(operator, 'POST', '/v1/programs/books/verify-runs');
  await vi.waitFor(() => expect(stateOf(feed).verify).toMatchObject({ state: 'done', ok: true }), 20_000);
}, 60_000);
