import { findClose } from '@rewardbook/db/books/closes';
import { requireProgram } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closePeriod } from '../close/close-period.ts';
import type { Ledger } from '../service/ledger.ts';
import { type Books, begin, openBooks, programOf, resultOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';

// A backend is killed in the middle of every write of a close, and before every statement of it. The job then runs again.

let books: Books;
const PERIOD = '2024-10';

beforeAll(async () => {
  books = await openBooks();
  await books.owner.unsafe(`
    CREATE TABLE public.paused (name text PRIMARY KEY);
    CREATE FUNCTION public.pause_here() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM public.paused WHERE name = TG_TABLE_NAME || ' ' || TG_OP) THEN
        PERFORM pg_sleep(60);
      END IF;
      RETURN NULL;
    END $$;
    GRANT SELECT ON public.paused TO PUBLIC`);
  for (const table of new Set(WRITES.map(([name]) => name))) {
    await books.owner.unsafe(`
      CREATE TRIGGER pause AFTER INSERT OR UPDATE OR DELETE ON rewardbook.${table}
      FOR EACH STATEMENT EXECUTE FUNCTION public.pause_here()`);
  }
});
afterAll(() => books.close());

const WRITES = [
  ['ingest_batch', 'UPDATE'],
  ['close', 'INSERT'],
  ['close_attempt', 'INSERT'],
  ['engagement', 'INSERT'],
  ['exclusion', 'INSERT'],
  ['attempt_part', 'INSERT'],
  ['allocation', 'INSERT'],
  ['close_attempt', 'DELETE'],
  ['posting_line', 'INSERT'],
  ['posting_sheet', 'INSERT'],
  ['journal_entry', 'INSERT'],
  ['program_head', 'UPDATE'],
  ['close', 'UPDATE'],
] as const;

async function closeAsJob(ledger: Ledger, slug: string): Promise<string | undefined> {
  const program = await requireProgram(ledger.sql, slug);
  const period = await findClose(ledger.sql, program.programId, PERIOD);
  if (period === undefined) {
    await begin(books, program, PERIOD);
  }
  return closePeriod(ledger, { program: slug, period: PERIOD });
}

/** As the queue does it: again until it is done. */
async function closeAsRetriedJob(slug: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await closeAsJob(books.ledger, slug);
      return;
    } catch (error) {
      if (tries === 5) {
        throw error;
      }
    }
  }
}

/** The result, without what depends on the program's name. */
async function outcome(slug: string): Promise<string> {
  const { policyHash: _policy, resultHash: _result, ...rest } = JSON.parse(await resultOf(books, slug, PERIOD));
  return JSON.stringify(rest);
}

async function expectOneClose(slug: string, undisturbed: string): Promise<void> {
  expect(await outcome(slug)).toBe(undisturbed);
  const program = await programOf(books, slug);
  const [row] = await books.sql<{ closes: number }[]>`
    SELECT count(*)::integer AS closes FROM journal_entry WHERE program_id = ${program.programId} AND kind = 'close'`;
  expect(row?.closes).toBe(1);
  const { checks } = await verifyProgram(books.ledger, program);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

async function killSleepers(): Promise<number> {
  const killed = await books.owner`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'PgSleep'`;
  return killed.length;
}

async function killSleeper(): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; ) {
    if ((await killSleepers()) > 0) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error('nothing came to the place where it is to be killed');
    }
  }
}

describe('a close whose Postgres backend is killed', () => {
  let undisturbed: string;
  beforeAll(async () => {
    await openProgram(books, 'undisturbed');
    await closeAsJob(books.ledger, 'undisturbed');
    undisturbed = await outcome('undisturbed');
  });

  it.each(WRITES)(
    'in the middle of %s %s has no effect, and comes to the same when it runs again',
    async (table, op) => {
      const slug = `killed-${table}-${op}`.toLowerCase().replaceAll('_', '-');
      await openProgram(books, slug);
      await books.owner`INSERT INTO public.paused (name) VALUES (${`${table} ${op}`})`;
      const closing = closeAsJob(books.ledger, slug);
      closing.catch(() => undefined);
      await killSleeper();
      await books.owner`DELETE FROM public.paused`;
      await expect(closing).rejects.toThrow();
      await killSleepers(); // the other part of the fold may have got there too
      const { programId } = await programOf(books, slug);
      expect(
        await books.sql`SELECT 1 FROM journal_entry WHERE program_id = ${programId} AND kind = 'close'`,
      ).toHaveLength(0);
      await closeAsRetriedJob(slug);
      await expectOneClose(slug, undisturbed);
    },
  );

  it('before any of its statements comes to the same when it runs again', async () => {
    let disturbed = 0;
    for (let step = 1; ; step += 1) {
      const slug = `step-${step}`;
      await openProgram(books, slug);
      const killing = killingBefore(step);
      await closeAsJob(killing.ledger, slug).catch(() => undefined);
      await closeAsRetriedJob(slug);
      await expectOneClose(slug, undisturbed);
      if (!killing.hasKilled()) {
        break;
      }
      disturbed += 1;
    }
    expect(disturbed).toBeGreaterThan(8);
  }, 60_000);

  /** A ledger whose backends are all killed before the n-th statement of its use cases. */
  function killingBefore(step: number): { ledger: Ledger; hasKilled: () => boolean } {
    let calls = 0;
    let killed = false;
    const counted = (sql: Sql): Sql =>
      new Proxy(sql, {
        apply: (target, self, args) => {
          calls += 1;
          if (calls === step) {
            killed = true;
            void books.owner`
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND usename <> current_user`.catch(() => undefined);
          }
          return Reflect.apply(target, self, args);
        },
      });
    const ledger: Ledger = { ...books.ledger, sql: counted(books.ledger.sql), slowSql: counted(books.ledger.slowSql) };
    return { ledger, hasKilled: () => killed };
  }
});

it('sweeps what killed attempts left behind, and nothing that counts', async () => {
  await books.sql`SELECT sweep_attempts(interval '0')`;
  expect(await books.sql`SELECT count(*)::integer AS attempts FROM close_attempt`).toEqual([{ attempts: 0 }]);
  for (const { slug } of await books.sql<{ slug: string }[]>`SELECT slug FROM program`) {
    const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  }
});
