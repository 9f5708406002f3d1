import { findClose } from '@rewardbook/db/books/closes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { type SweptQueues, sweepLeftBehind } from '../recovery/sweep.ts';
import { type Books, begin, closeNow, event, ingest, openBooks, programOf, resultOf } from '../test-support/books.ts';
import { openProgram, revenue } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { beginClose } from './begin-close.ts';
import { cancelClose } from './cancel-close.ts';
import { closePeriod } from './close-period.ts';

const JOB = { program: 'stuck', period: '2024-10' };
let books: Books;
let programId: number;

beforeAll(async () => {
  books = await openBooks();
  await openProgram(books, 'calm');
  programId = await openProgram(books, 'stuck');
});
afterAll(() => books.close());

/** The close cannot be done: the books take no allocation of c2. */
async function breakAllocations(isBroken: boolean): Promise<void> {
  await books.owner`ALTER TABLE rewardbook.allocation DROP CONSTRAINT IF EXISTS broken`;
  if (isBroken) {
    await books.owner`ALTER TABLE rewardbook.allocation ADD CONSTRAINT broken CHECK (creator_id <> 'c2') NOT VALID`;
  }
}

it('a close that fails says why, is tried again after growing pauses, can be taken back, and loses nothing by it', async () => {
  const { ledger } = books;
  await expect(cancelClose(ledger, 'stuck', '2024-10')).resolves.toBe(false);
  await beginClose(ledger, 'stuck', '2024-10', actorOf('test'));
  await expect(cancelClose(ledger, 'stuck', '2024-10')).rejects.toMatchObject({ code: 'close-not-failing' });

  await breakAllocations(true);
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(closePeriod(ledger, JOB)).rejects.toThrow('broken');
    const [row] = await books.owner<{ pause: number }[]>`
      SELECT extract(epoch FROM retry_at - clock_timestamp())::float8 AS pause FROM close WHERE program_id = ${programId}`;
    pauses.push(row?.pause ?? 0);
  }
  expect(pauses.map((pause) => Math.ceil(pause))).toEqual([1, 2, 4]);
  expect((await findClose(books.sql, programId, '2024-10'))?.failure).toContain('broken');
  expect(await enqueuedBySweep()).toEqual([]);
  await books.owner`UPDATE close SET retry_at = clock_timestamp() WHERE program_id = ${programId}`;
  expect(await enqueuedBySweep()).toEqual([JOB]);

  await expect(cancelClose(ledger, 'stuck', '2024-10')).resolves.toBe(true);
  expect(await findClose(books.sql, programId, '2024-10')).toBeUndefined();
  const left = await books.owner`
    SELECT 1 FROM close_attempt WHERE program_id = ${programId} UNION ALL SELECT 1 FROM engagement WHERE program_id = ${programId}
    UNION ALL SELECT 1 FROM ingest_batch WHERE program_id = ${programId} AND seen_close IS NOT NULL`;
  expect(left).toHaveLength(0);

  await breakAllocations(false);
  expect(await closeNow(books, 'stuck', '2024-10')).not.toBe('');
  await closeNow(books, 'calm', '2024-10');
  const figures = async (slug: string) => ({
    ...JSON.parse(await resultOf(books, slug, '2024-10')),
    resultHash: '',
    policyHash: '',
  });
  expect(await figures('stuck')).toEqual(await figures('calm'));
  await expect(cancelClose(ledger, 'stuck', '2024-10')).rejects.toMatchObject({ code: 'period-closed' });
  const { checks } = await verifyProgram(ledger, await programOf(books, 'stuck'));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

it('an attempt that is still under way when its close is taken back never counts', async () => {
  const { ledger } = books;
  await revenue(books, 'stuck', '2024-11', '500.00');
  const program = await programOf(books, 'stuck');
  await begin(books, program, '2024-11');
  const taken = { program: 'stuck', period: '2024-11' };
  // Its secret is asked for between the fold and the allocations.
  const sql = new Proxy(ledger.sql, {
    apply: (target, self, args: unknown[]) => {
      const isSecret = String(args[0]).includes('fix_close_secret');
      const asked = isSecret ? takeBackAndBeginAgain() : Promise.resolve();
      return isSecret ? asked.then(() => Reflect.apply(target, self, args)) : Reflect.apply(target, self, args);
    },
  });
  let isTaken = false;
  const takeBackAndBeginAgain = async (): Promise<void> => {
    if (isTaken) {
      return;
    }
    isTaken = true;
    await books.owner`UPDATE close SET failure = 'of an earlier attempt' WHERE program_id = ${programId} AND status = 'closing'`;
    expect(await cancelClose(ledger, 'stuck', '2024-11')).toBe(true);
    await ingest(books.sql, programId, [event('like', 'v99', 'c3', '2024-11-07T10:00:00Z')]);
    await begin(books, program, '2024-11');
  };
  await expect(closePeriod({ ...ledger, sql }, taken)).rejects.toMatchObject({ code: 'attempt-not-open' });
  expect(isTaken).toBe(true);
  await closePeriod(ledger, taken);
  const { checks } = await verifyProgram(ledger, program);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

it('a failure that the books have no room to record is remembered for those who wait', async () => {
  const { ledger } = books;
  await revenue(books, 'calm', '2024-11', '500.00');
  await begin(books, await programOf(books, 'calm'), '2024-11');
  await breakAllocations(true);
  await books.owner`ALTER FUNCTION rewardbook.note_failure RENAME TO note_nothing`;
  await expect(closePeriod(ledger, { program: 'calm', period: '2024-11' })).rejects.toThrow('broken');
  await books.owner`ALTER FUNCTION rewardbook.note_nothing RENAME TO note_failure`;
  expect([...ledger.unnotedFailures]).toEqual([['calm 2024-11', expect.stringContaining('broken')]]);
  await breakAllocations(false);
  await closePeriod(ledger, { program: 'calm', period: '2024-11' });
  expect(ledger.unnotedFailures.size).toBe(0);
});

async function enqueuedBySweep(): Promise<unknown[]> {
  const enqueued: unknown[] = [];
  const idle = { waiting: 0, active: 0, delayed: 0 };
  const queues: SweptQueues = {
    enqueue: async (name, ...jobs) => {
      if (name === 'close') {
        enqueued.push(...jobs);
      }
    },
    depths: async () => ({ tally: idle, close: idle }),
  };
  await sweepLeftBehind(books.ledger, queues);
  return enqueued;
}
