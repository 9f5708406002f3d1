import { afterEach, describe, expect, it, vi } from 'vitest';
import { like, ndjson, startTestService, type TestService } from './test-service.ts';

const SOON = { timeout: 10_000 };
const LINES = { 'content-type': 'application/x-ndjson' };

let service: TestService;
afterEach(() => service.stop());

/** Kills the connections of the service that run a statement. Returns how many there were. */
async function killBusyBackends(): Promise<number> {
  const killed = await service.owner`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'engagement-events' AND state = 'active'`;
  return killed.length;
}

const recorded = async () =>
  (
    await service.owner`
    SELECT (SELECT count(*) FROM event)::integer AS events, sum(accepted)::integer AS accepted,
           count(*) FILTER (WHERE sealed_at IS NULL)::integer AS unsealed FROM ingest_batch`
  )[0];

describe('a backend that is killed in the middle of a statement', () => {
  it('changes neither events nor counts, of a stream and of single events', async () => {
    service = await startTestService({ limits: { flushEvents: 1_000 } });
    const holder = await service.owner.reserve();
    await holder`BEGIN`;
    await holder`LOCK TABLE event`; // so that every statement is killed in the middle
    const all = Array.from({ length: 5_000 }, (_, i) => like(`e${i}`));
    const stream = service.post(ndjson([...all, ...all.slice(0, 10)]), LINES);
    const singles = Array.from({ length: 20 }, (_, i) => service.post(like(`s${i}`)));
    let killed = 0;
    await vi.waitFor(async () => {
      killed += await killBusyBackends();
      expect(killed).toBeGreaterThanOrEqual(5); // some twice
    }, SOON);
    await holder`COMMIT`;
    holder.release();
    expect(await stream).toMatchObject({ status: 200, body: { accepted: 5_000, duplicates: 10, conflicts: 0 } });
    for (const answer of await Promise.all(singles)) {
      expect(answer.body).toMatchObject({ accepted: 1 });
    }
    expect(await recorded()).toEqual({ events: 5_020, accepted: 5_020, unsealed: 0 });
  });
});

describe('an answer that is lost after the commit', () => {
  it('does not turn what was accepted into duplicates', async () => {
    service = await startTestService();
    // Simulates a connection that breaks between commit and answer: the batch is there, the caller does not know.
    const [row] = await service.owner`SELECT last_value + 1 AS next FROM ingest_batch_batch_id_seq`;
    const first = Number(row?.next) === 2 ? 1 : Number(row?.next);
    const columns = (ids: string[]) => service.owner`
      SELECT accepted, duplicate_lines, conflict_lines FROM ingest_events(1, ${ids}, ${ids.map(() => 'app')},
        ${ids.map(() => 'v1')}, ${ids.map(() => 'c1')}, ${ids.map(() => 'k1')},
        ${`{${ids.map(() => 't').join()}}`}::boolean[], ${ids.map(() => 1)}::bigint[], ${first})`;
    const once = await columns(['a', 'b', 'a']);
    const again = await columns(['a', 'b', 'a']);
    expect([...again]).toEqual([...once]);
    expect(again[0]).toEqual({ accepted: 2, duplicate_lines: [3], conflict_lines: [] });
    await expect(columns(['a'])).rejects.toThrow('is another one');
  });
});

describe('a database that does not answer', () => {
  it('is answered with 503 and Retry-After; nothing is claimed to be recorded; afterwards all goes on', async () => {
    service = await startTestService({ limits: { retryMs: 300 } });
    expect((await service.post(like('before'))).status).toBe(200);
    const [database] = await service.owner`SELECT current_database() AS name`;
    const name = service.owner(database?.name);
    await service.owner`ALTER DATABASE ${name} CONNECTION LIMIT 0`;
    const kill = async () => {
      await service.owner`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'engagement-events'`;
    };
    await kill();
    const single = await service.post(like('down'));
    expect(single).toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.stringMatching(/^[1-9]/) },
      body: { code: 'database-unavailable' },
    });
    const stream = await service.post(ndjson([like('d1'), like('d2'), '{']), LINES);
    expect(stream).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
    expect(stream.body.accepted ?? 0).toBe(0);
    expect((await service.app.inject('/readyz')).statusCode).toBe(503);
    await service.owner`ALTER DATABASE ${name} CONNECTION LIMIT -1`;
    // A statement that was given up may have been done after all: then these are duplicates, and the sweep seals what
    // it left unsealed.
    await vi.waitFor(async () => {
      const { body } = await service.post(ndjson([like('d1'), like('d2')]), LINES);
      expect(body.accepted + body.duplicates).toBe(2);
    }, SOON);
    await service.owner`SELECT seal_left_behind('0')`;
    const { events, accepted, unsealed } = (await recorded()) ?? {};
    expect({ unsealed, twice: events - accepted }).toEqual({ unsealed: 0, twice: 0 });
    expect(await service.owner`SELECT 1 FROM event WHERE id IN ('before', 'd1', 'd2')`).toHaveLength(3);
  });

  it('makes the service refuse new requests before they are read, while a statement hangs', async () => {
    service = await startTestService({ limits: { slowStatementMs: 0 } });
    const holder = await service.owner.reserve();
    await holder`BEGIN`;
    await holder`LOCK TABLE event`;
    const hanging = service.post(like('hangs'));
    await vi.waitFor(
      async () => expect((await service.app.inject('/metrics')).body).toMatch(/_ingest_events_in_flight 1\n/),
      SOON,
    );
    expect(await service.post(like('next'))).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
    await holder`COMMIT`;
    holder.release();
    expect((await hanging).body).toMatchObject({ accepted: 1 });
  });
});

describe('a queue that does not answer', () => {
  it('fails no request: the sweep tallies later', async () => {
    service = await startTestService({ queues: { enqueue: () => Promise.reject(new Error('no queue')) } });
    expect((await service.post(like('q'))).status).toBe(200);
    await vi.waitFor(
      async () =>
        expect((await service.app.inject('/metrics')).body).toMatch(/rewardbook_ingest_enqueue_failures_total [1-9]/),
      SOON,
    );
  });
});
