import { type IngestLive, ingestLiveSchema } from '@rewardbook/contracts/api/live/ingest';
import { connect, type Sql } from '@rewardbook/db/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type EventFeed, listenTo } from '../../../test/support/event-feed.ts';
import { compose } from './compose.ts';
import { like, ndjson, PROGRAM, startTestService, type TestService } from './test-service.ts';

const LINES = { 'content-type': 'application/x-ndjson' };
let service: TestService;
let url: string;
let reader: { authorization: string };
const feeds: EventFeed[] = [];
beforeAll(async () => {
  service = await startTestService({ live: { readmitMs: 50 } });
  url = await service.app.listen({ host: '127.0.0.1', port: 0 });
  reader = await service.keyWith('read');
});
afterAll(async () => {
  for (const feed of feeds) {
    feed.leave();
  }
  await service.stop();
});

async function listen(headers = reader): Promise<EventFeed> {
  const feed = await listenTo(`${url}/v1/programs/${PROGRAM}/live`, headers);
  feeds.push(feed);
  return feed;
}

function stateOf(feed: EventFeed): IngestLive {
  return ingestLiveSchema.parse(feed.state());
}

/** Sums over the seconds told. */
function totalsOf({ rates: { seconds } }: IngestLive) {
  const sum = (name: 'accepted' | 'duplicates' | 'conflicts' | 'rejected') =>
    seconds.reduce((all, second) => all + second[name], 0);
  return [sum('accepted'), sum('duplicates'), sum('conflicts'), sum('rejected')];
}

it('tells what becomes of events within the second, whichever instance took them', async () => {
  const feed = await listen();
  await vi.waitFor(() => expect(stateOf(feed)).toMatchObject({ batches: [], refused: { newest: null } }));
  expect(totalsOf(stateOf(feed))).toEqual([0, 0, 0, 0]);

  const other = await compose({
    databaseUrl: service.ownerUrl,
    queues: { enqueue: async () => undefined },
    logger: service.app.log,
  });
  const first = ndjson([like('a'), like('b'), like('b'), like('a', { creatorId: 'c2' }), '{', '{']);
  await service.post(first, LINES);
  const writer = await service.keyWith('events:write');
  await other.app.inject({
    method: 'POST',
    url: `/v1/programs/${PROGRAM}/events`,
    headers: { ...writer, ...LINES },
    payload: ndjson([like('c'), '{']),
  });
  await other.app.close();
  await other.close();
  await vi.waitFor(() => expect(totalsOf(stateOf(feed))).toEqual([3, 1, 1, 3]), 10_000);
  const { batches, refused, tally } = stateOf(feed);
  expect(batches.reduce((sum, batch) => sum + batch.accepted, 0)).toBe(3);
  expect(refused.newest).not.toBeNull();
  expect(tally.untallied).toBe(batches.filter(({ accepted }) => accepted > 0).length);
  expect(tally.oldestAt).not.toBeNull();
  // Whoever comes later sees the same.
  const later = await listen();
  await vi.waitFor(() => expect(totalsOf(stateOf(later))).toEqual([3, 1, 1, 3]));
}, 30_000);

it('counts rejected events that are not kept', async () => {
  const feed = await listen();
  await vi.waitFor(() => expect(feed.state()).toHaveProperty('rates'));
  const before = totalsOf(stateOf(feed))[3] ?? 0;
  const lines = Array.from({ length: 3_000 }, () => '{').join('\n');
  expect((await service.post(lines, LINES)).body).toMatchObject({ rejected: 3_000 });
  await vi.waitFor(() => expect(totalsOf(stateOf(feed))[3]).toBe(before + 3_000), 10_000);
}, 30_000);

it('ends with its key, and where the database cannot be read, until it can', async () => {
  const headers = await service.keyWith('read');
  const feed = await listen(headers);
  await service.owner`UPDATE api_key SET revoked_at = now() WHERE name = 'read' AND key_id = (SELECT max(key_id) FROM api_key)`;
  await feed.ended;
  await expect(listen(headers)).rejects.toThrow('401');

  const other = await listen();
  let hasEnded = false;
  void other.ended.then(() => {
    hasEnded = true;
  });
  const sql: Sql = connect(service.ownerUrl, { max: 1 });
  await sql.unsafe('BEGIN; LOCK TABLE ingest_batch IN ACCESS EXCLUSIVE MODE');
  await vi.waitFor(async () => {
    await sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'engagement-events' AND wait_event_type = 'Lock'`;
    expect(hasEnded).toBe(true);
  }, 20_000);
  await sql.end({ timeout: 1 });
  const again = await listen();
  await vi.waitFor(() => expect(again.state()).toHaveProperty('rates'), 10_000);
}, 60_000);
