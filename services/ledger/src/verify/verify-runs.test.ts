import type { VerifyRunOut } from '@rewardbook/contracts/api/verify';
import { connect, type Sql } from '@rewardbook/db/client';
import { createLogger } from '@rewardbook/runtime/logger';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyTestPolicy } from '../../../../test/support/test-program.ts';
import { compose } from '../compose.ts';
import { testPolicy } from '../test-support/books.ts';
import { openService, type TestService } from '../test-support/service.ts';
import { sweepVerifyRuns } from './runs-sql.ts';
import { CHECK_NAMES } from './verify-program.ts';

const RUNS = '/v1/programs/books/verify-runs';
let service: TestService;
let locks: Sql;
let reader: string;

beforeAll(async () => {
  service = await openService({ sweepEveryMs: 3_600_000 });
  await applyTestPolicy(service.books.owner, testPolicy());
  await applyTestPolicy(service.books.owner, testPolicy({ program: 'other' }));
  reader = await service.rootKey('rita', ['read']);
  locks = connect(service.books.database.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await locks.end({ timeout: 1 });
  await service.close();
});
beforeEach(async () => {
  await locks.unsafe('ROLLBACK');
});

/** Holds verifications up from here on, until the next test. */
async function holdUp(): Promise<void> {
  await locks.unsafe('BEGIN; LOCK TABLE journal_entry IN ACCESS EXCLUSIVE MODE');
}

async function start(): Promise<VerifyRunOut> {
  const answer = await service.call(reader, 'POST', RUNS);
  expect(answer.status).toBe(202);
  return answer.json();
}

async function read(run: number): Promise<VerifyRunOut> {
  return (await service.call(reader, 'GET', `${RUNS}/${run}`)).json();
}

async function untilEnded(run: number): Promise<VerifyRunOut> {
  await vi.waitFor(async () => expect((await read(run)).state).not.toBe('running'), { timeout: 20_000, interval: 50 });
  return read(run);
}

describe('a verification as a job', () => {
  it('goes on without its client, and keeps who began it, when, and what each kind of check found', async () => {
    const { run } = await start();
    const done = await untilEnded(run);
    expect(done).toMatchObject({ state: 'done', ok: true, startedBy: 'rita', failure: null, cancelledBy: null });
    expect(done.checks.map(({ check }) => check)).toEqual(CHECK_NAMES);
    expect(done.checks.every(({ ok, state }) => ok === true && state === 'done')).toBe(true);
    expect(Date.parse(done.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(done.startedAt));
    // The same checks as those of a client who waits.
    const waited = (await service.call(reader, 'POST', '/v1/programs/books/verify')).json();
    expect(waited.checks).toEqual(
      done.checks.map(({ check, ok, checked, difference }) => ({ check, ok, checked, difference })),
    );
    const { items } = (await service.call(reader, 'GET', RUNS)).json();
    expect(items[0]).toEqual(done);
  }, 60_000);

  it('says what differs', async () => {
    const { owner } = service.books;
    await owner`INSERT INTO posting_line (program_id, entry_id, line, account, amount, creator_id) VALUES (1, 999999, 1, 'cash', 1, '')`;
    const { run } = await start();
    const done = await untilEnded(run);
    await owner`DELETE FROM posting_line WHERE entry_id = 999999`;
    expect(done).toMatchObject({ state: 'done', ok: false });
    expect(done.checks.filter(({ ok }) => ok === false).map(({ difference }) => difference)).not.toContain(null);
  }, 60_000);

  it('is one at a time: whoever asks again gets the same, and other programs wait', async () => {
    await holdUp();
    const first = await start();
    expect(first).toMatchObject({ state: 'running', ok: null, endedAt: null });
    expect((await start()).run).toBe(first.run);
    const other = await service.call(reader, 'POST', '/v1/programs/other/verify-runs');
    expect([other.status, other.headers['retry-after']]).toEqual([503, '5']);
    expect((await service.call(reader, 'POST', '/v1/programs/books/verify')).status).toBe(503);
    await vi.waitFor(async () => {
      expect((await read(first.run)).checks.some(({ state }) => state === 'running')).toBe(true);
    }, 10_000);
    await locks.unsafe('ROLLBACK');
    expect((await untilEnded(first.run)).state).toBe('done');
  }, 60_000);

  it('is ended by anybody who may start one, in the database too, and once', async () => {
    await holdUp();
    const { run } = await start();
    const ender = await service.rootKey('erin', ['read']);
    const cancelled = await service.call(ender, 'DELETE', `${RUNS}/${run}`);
    expect([cancelled.status, cancelled.json().cancelledBy]).toEqual([202, 'erin']);
    const ended = await untilEnded(run);
    expect(ended).toMatchObject({ state: 'cancelled', cancelledBy: 'erin', ok: null });
    expect((await service.call(reader, 'DELETE', `${RUNS}/${run}`)).json()).toEqual(ended);
    await vi.waitFor(async () => {
      const [active] = await service.books.owner<{ count: number }[]>`
        SELECT count(*)::integer AS count FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'ledger-slow' AND state <> 'idle'`;
      expect(active?.count).toBe(0);
    }, 15_000);
    await locks.unsafe('ROLLBACK');
    expect((await untilEnded((await start()).run)).state).toBe('done');
  }, 60_000);

  it('is said to be interrupted when its process dies or is shut down, and another one follows', async () => {
    await holdUp();
    const { run } = await start();
    // As a process that was killed: its connection is gone.
    await service.books.owner`
      SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND a.datname = current_database() AND a.application_name = 'ledger-slow'`;
    await vi.waitFor(async () => {
      await sweepVerifyRuns(service.books.owner);
      expect((await read(run)).state).toBe('interrupted');
    }, 10_000);
    await locks.unsafe('ROLLBACK');
    await vi.waitFor(async () => expect((await start()).run).toBeGreaterThan(run), 10_000);
    await untilEnded((await start()).run);

    await holdUp();
    const { serviceUrls } = service.books.database;
    const logger = createLogger({ name: 'ledger', level: 'silent' });
    const other = await compose({ databaseUrl: serviceUrls.ledger, queues: service.queues, logger });
    await other.app.ready();
    const answer = await other.app.inject({
      method: 'POST',
      url: RUNS,
      headers: { authorization: `Bearer ${reader}` },
    });
    await other.app.close();
    await Promise.all(other.workers.map((worker) => worker.close()));
    await other.close();
    expect(await read(answer.json().run)).toMatchObject({
      state: 'interrupted',
      failure: expect.stringContaining('shut down'),
    });
  }, 60_000);

  it('is found by its number alone, and needs the scope', async () => {
    expect((await service.call(reader, 'GET', `${RUNS}/999999`)).json()).toMatchObject({ code: 'verify-run-unknown' });
    expect((await service.call(reader, 'DELETE', `${RUNS}/999999`)).status).toBe(404);
    const sender = await service.rootKey('sam', ['events:write']);
    expect((await service.call(sender, 'POST', RUNS)).status).toBe(403);
  });
});
