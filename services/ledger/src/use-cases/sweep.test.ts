import type { JobData, QueueName } from '@rewardbook/contracts/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Books, begin, closeNow, event, ingest, openBooks, programOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { closePeriod } from './close-period.ts';
import { type SweptQueues, sweep } from './sweep.ts';

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
      for (const job of jobs) enqueued.push({ name, job });
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
  await sweep(books.ledger, first.queues);
  expect(first.enqueued).toEqual([{ name: 'close', job }]);
  const busy = fakeQueues(['tally', 'close']);
  await sweep(books.ledger, busy.queues);
  expect(busy.enqueued).toEqual([]);
  await closePeriod(books.ledger, job);
  const last = fakeQueues(['tally']);
  await sweep(books.ledger, last.queues);
  expect(last.enqueued).toEqual([]);
});

it('seals a batch that a crash left unsealed, and enqueues it for its tally', async () => {
  const programId = await openProgram(books, 'unsealed');
  const late = event('like', 'v', 'c1', '2024-10-20T10:00:00Z');
  const batchId = await ingest(books.sql, programId, [late], { seal: false });
  await sweep(books.ledger, fakeQueues().queues);
  const sealedAt = async () =>
    (
      await books.sql<
        { at: Date | null }[]
      >`SELECT sealed_at AS at FROM ingest_batch WHERE batch_id = ${batchId}::bigint`
    )[0]?.at;
  expect(await sealedAt()).toBeNull(); // the service may still be at it
  await books.owner`UPDATE ingest_batch SET received_at = now() - interval '1 minute' WHERE batch_id = ${batchId}::bigint`;
  await sweep(books.ledger, fakeQueues().queues);
  expect(await sealedAt()).not.toBeNull();
  await books.owner`UPDATE ingest_batch SET sealed_at = now() - interval '1 minute' WHERE batch_id = ${batchId}::bigint`;
  const { queues, enqueued } = fakeQueues();
  await sweep(books.ledger, queues);
  const tallied = enqueued.flatMap(({ job }) => ('batchIds' in job ? job.batchIds : []));
  expect(tallied).toContain(batchId);
});

it('leaves attempts alone that may still be under way', async () => {
  await openProgram(books, 'under-way');
  const program = await programOf(books, 'under-way');
  await begin(books, program, '2024-10');
  await books.sql`SELECT begin_fold(${program.programId}, 1), begin_entry(${program.programId})`;
  await sweep(books.ledger, fakeQueues().queues);
  const rows = await books.sql`SELECT 1 FROM fold WHERE program_id = ${program.programId}`;
  expect(rows).toHaveLength(1);
  await closeNow(books, 'under-way', '2024-10');
});
