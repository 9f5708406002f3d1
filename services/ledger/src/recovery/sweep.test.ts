import type { JobData, QueueName } from '@rewardbook/contracts/api/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { bookCash, reverse } from '../adjustments/adjust.ts';
import { closePeriod } from '../close/close-period.ts';
import { withAttempt } from '../close/sql/attempts.ts';
import { type Books, begin, closeNow, event, ingest, openBooks, programOf } from '../test-support/books.ts';
import { NOW, openProgram } from '../test-support/scenario.ts';
import { type SweptQueues, sweepLeftBehind } from './sweep.ts';

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

/** Queues that remember what was put into them; `busy` ones have a job already. */
function fakeQueues(busy: readonly QueueName[] = []) {
  const enqueued: { name: QueueName; job: JobData[QueueName] }[] = [];
  const depthOf = (name: QueueName) => ({ waiting: 0, active: busy.includes(name) ? 1 : 0, delayed: 0 });
  const queues: SweptQueues = {
    enqueue: async (name, ...jobs) => {
      for (const job of jobs) {
        enqueued.push({ name, job });
      }
    },
    depths: async () => ({ tally: depthOf('tally'), close: depthOf('close') }),
  };
  return { queues, enqueued };
}

it('enqueues a close that was begun and lost, until it is done', async () => {
  await openProgram(books, 'lost-close');
  await begin(books, await programOf(books, 'lost-close'), '2024-10');
  const job = { program: 'lost-close', period: '2024-10' };
  const first = fakeQueues(['tally']);
  await sweepLeftBehind(books.ledger, first.queues);
  expect(first.enqueued).toEqual([{ name: 'close', job }]);
  const busy = fakeQueues(['tally', 'close']);
  await sweepLeftBehind(books.ledger, busy.queues);
  expect(busy.enqueued).toEqual([]);
  await closePeriod(books.ledger, job);
  const last = fakeQueues(['tally']);
  await sweepLeftBehind(books.ledger, last.queues);
  expect(last.enqueued).toEqual([]);
});

it('seals a batch that a crash left unsealed, and enqueues it for its tally', async () => {
  const programId = await openProgram(books, 'unsealed');
  const late = event('like', 'v', 'c1', '2024-10-20T10:00:00Z');
  const batchId = await ingest(books.sql, programId, [late], { seal: false });
  await sweepLeftBehind(books.ledger, fakeQueues().queues);
  const sealedAt = async () =>
    (
      await books.sql<
        { at: Date | null }[]
      >`SELECT sealed_at AS at FROM ingest_batch WHERE batch_id = ${batchId}::bigint`
    )[0]?.at;
  expect(await sealedAt()).toBeNull(); // the service may still be at it
  await books.owner`UPDATE ingest_batch SET received_at = now() - interval '1 minute' WHERE batch_id = ${batchId}::bigint`;
  await sweepLeftBehind(books.ledger, fakeQueues().queues);
  expect(await sealedAt()).not.toBeNull();
  await books.owner`UPDATE ingest_batch SET sealed_at = now() - interval '1 minute' WHERE batch_id = ${batchId}::bigint`;
  const { queues, enqueued } = fakeQueues();
  await sweepLeftBehind(books.ledger, queues);
  const tallied = enqueued.flatMap(({ job }) => ('batchIds' in job ? job.batchIds : []));
  expect(tallied).toContain(batchId);
});

it('leaves attempts alone while they are worked on, however long ago they began, and removes them afterwards', async () => {
  const programId = await openProgram(books, 'under-way');
  await begin(books, await programOf(books, 'under-way'), '2024-10');
  const attempts = () => books.sql`SELECT attempt_id FROM close_attempt WHERE program_id = ${programId}`;
  await withAttempt(books.ledger.openConnection, { programId, closeNo: 1, parts: 1 }, async () => {
    await books.owner`UPDATE close_attempt SET created_at = now() - interval '1 day'`;
    await sweepLeftBehind(books.ledger, fakeQueues().queues);
    expect(await attempts()).toHaveLength(1);
  });
  await sweepLeftBehind(books.ledger, fakeQueues().queues);
  expect(await attempts()).toHaveLength(0);
  await closeNow(books, 'under-way', '2024-10');
});

it('does what it can: a step that fails, or queues that cannot be asked, keep the others from nothing', async () => {
  const programId = await openProgram(books, 'failing', { approvals: ['adjustments'] });
  await begin(books, await programOf(books, 'failing'), '2024-10');
  const funding = { kind: 'funding', amount: '9', reference: 'f' } as const;
  await bookCash(books.ledger, 'failing', funding, { actor: actorOf('ada'), now: NOW });
  await reverse(books.ledger, 'failing', { entryKey: 'funding:f', reason: 'r' }, { actor: actorOf('ada'), now: NOW });
  await books.owner`
    UPDATE approval_request SET status = 'approved', decided_by = 'ben', decided_at = now() - interval '1 minute'
    WHERE program_id = ${programId}`;
  let statements = 0;
  const sql = new Proxy(books.ledger.sql, {
    apply: (target, self, args) => {
      statements += 1;
      return statements === 1 ? Promise.reject(new Error('sealing fails')) : Reflect.apply(target, self, args);
    },
  });
  const queues = { ...fakeQueues().queues, depths: () => Promise.reject(new Error('the queues are down')) };
  const { failures } = await sweepLeftBehind({ ...books.ledger, sql }, queues, () => NOW);
  expect(failures.map(String)).toEqual(['Error: sealing fails', 'Error: the queues are down']);
  const [request] = await books.sql`SELECT status FROM approval_request WHERE program_id = ${programId}`;
  expect(request).toEqual({ status: 'executed' });

  const { queues: taking, enqueued } = fakeQueues();
  const refusing: SweptQueues = {
    ...taking,
    enqueue: (name, ...jobs) =>
      name === 'close' ? Promise.reject(new Error('no closes')) : taking.enqueue(name, ...jobs),
  };
  await books.owner`UPDATE ingest_batch SET sealed_at = now() - interval '1 minute' WHERE program_id = ${programId}`;
  const second = await sweepLeftBehind(books.ledger, refusing);
  expect(second).toMatchObject({ enqueuedCloses: 0, failures: [new Error('no closes')] });
  expect(enqueued.map(({ name }) => name)).toEqual(['tally']);
  await closeNow(books, 'failing', '2024-10');
});

it('checks a close once that it gives what the recorded events do, and says so where it does not', async () => {
  const programId = await openProgram(books, 'checked');
  await closeNow(books, 'checked', '2024-10');
  const outcome = async () =>
    (
      await books.sql<{ isChecked: boolean; unsoundFor: string | null }[]>`
        SELECT checked_at IS NOT NULL AS "isChecked", unsound_for AS "unsoundFor" FROM close WHERE program_id = ${programId}`
    )[0];
  expect(await outcome()).toEqual({ isChecked: false, unsoundFor: null });
  expect((await sweepLeftBehind(books.ledger, fakeQueues().queues)).failures).toEqual([]);
  expect(await outcome()).toEqual({ isChecked: true, unsoundFor: null });

  // As if the ledger's database role had been stolen and had staged it.
  await books.owner`UPDATE close SET checked_at = NULL WHERE program_id = ${programId}`;
  await books.owner`UPDATE allocation SET points = points + 1 WHERE program_id = ${programId} AND creator_id = 'c1'`;
  const { failures } = await sweepLeftBehind(books.ledger, fakeQueues().queues);
  expect(failures.map(String)).toEqual([expect.stringMatching(/close of 2024-10 .* gives creator c1 what/)]);
  expect(await outcome()).toEqual({ isChecked: true, unsoundFor: 'c1' });
  expect((await sweepLeftBehind(books.ledger, fakeQueues().queues)).failures).toEqual([]);
});
