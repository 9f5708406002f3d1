import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import {
  type Books,
  closeNow,
  event,
  ingest,
  openBooks,
  programOf,
  resultOf,
  testPolicy,
  textOf,
} from '../test-support/books.ts';
import { NOW, openProgram, revenue } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { dryRuns } from './dry-run.ts';

// The cost of a close follows its events, not history: it reads only what it judges, and remembers the rest.

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

interface Counted {
  readonly excluded: { rule: string; events: number }[];
  readonly creators: { creatorId: string; netLikes: number }[];
}

const excludedOf = (text: string): [string, number][] => {
  const { excluded }: Counted = JSON.parse(text);
  return excluded.map(({ rule, events }) => [rule, events]);
};
const likesOf = (text: string, creator: string): number | undefined => {
  const { creators }: Counted = JSON.parse(text);
  return creators.find(({ creatorId }) => creatorId === creator)?.netLikes;
};

describe('the age of viewers', () => {
  const like = (viewer: string, content: string, at: string) => event('like', viewer, 'c1', at, { contentId: content });

  it('counts from their earliest event, which late events move, whatever closes have seen it', async () => {
    const slug = 'ages';
    const programId = await openProgram(books, slug, { risk: { minViewerAgeHours: 48 }, maxLatePeriods: 3 });
    await ingest(books.sql, programId, [
      like('new', 'a', '2024-11-20T10:00:00Z'),
      like('old', 'a', '2024-10-30T10:00:00Z'),
    ]);
    await closeNow(books, slug, '2024-10');
    await revenue(books, slug, '2024-11', '10.00');
    await ingest(books.sql, programId, [
      like('old', 'b', '2024-11-01T09:00:00Z'),
      like('old', 'c', '2024-11-01T11:00:00Z'),
    ]);
    await closeNow(books, slug, '2024-11');
    // n2 of the scenario is its viewer's first event; `new` a; `old` b, less than 48 hours after a.
    expect(excludedOf(await resultOf(books, slug, '2024-11'))).toEqual([['minViewerAgeHours', 3]]);
    await revenue(books, slug, '2024-12', '10.00');
    await ingest(books.sql, programId, [
      like('new', 'before', '2024-11-01T10:00:00Z'), // late: now it is the earliest
      like('new', 'd', '2024-11-21T10:00:00Z'), // late, and old enough only by the line above
    ]);
    const dry = dryRuns(books.ledger, 1);
    const answer = await dry(slug, '2024-12');
    const text = await textOf(answer.text);
    answer.release();
    expect(excludedOf(text)).toEqual([['minViewerAgeHours', 1]]);
    const kept = await books.sql`
      SELECT viewer_id AS viewer, occurred_at::float8 AS at FROM viewer_first_event WHERE program_id = ${programId} AND viewer_id = 'new'`;
    expect(kept).toEqual([{ viewer: 'new', at: Date.parse('2024-11-20T10:00:00Z') }]); // a dry run writes nothing
    const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('is remembered from close to close, and read from history once where no close before asked for it', async () => {
    const slug = 'remembered';
    const programId = await openProgram(books, slug, { risk: {} });
    const apply = (from: string, risk: { minViewerAgeHours?: number }) =>
      applyPolicy(books.ledger, {
        program: slug,
        policy: testPolicy({ program: slug, risk }),
        from,
        actor: actorOf('test'),
      });
    await closeNow(books, slug, '2024-10');
    await apply('2024-11', { minViewerAgeHours: 24 });
    await revenue(books, slug, '2024-11', '10.00');
    await ingest(books.sql, programId, [like('v1', 'x', '2024-11-02T10:00:00Z')]); // v1's first event was in September
    await closeNow(books, slug, '2024-11');
    expect(excludedOf(await resultOf(books, slug, '2024-11'))).toEqual([['minViewerAgeHours', 1]]); // n2 of the scenario
    const remembered =
      await books.sql`SELECT DISTINCT viewer_id FROM viewer_first_event WHERE program_id = ${programId}`;
    expect(remembered.length).toBeGreaterThan(7); // all that it saw, not only who took part in this period
    await revenue(books, slug, '2024-12', '10.00');
    await ingest(books.sql, programId, [like('v2', 'x', '2024-11-30T10:00:00Z')]);
    await books.owner`DELETE FROM event WHERE program_id = ${programId} AND viewer_id = 'v2' AND id LIKE 'o%'`;
    const answer = await dryRuns(books.ledger, 1)(slug, '2024-12');
    expect(excludedOf(await textOf(answer.text))).toEqual([]); // v2 is known, though its October can no longer be read
  });
});

it('a close reads the events that it judges and not those of the closes before', async () => {
  const slug = 'history';
  const programId = await openProgram(books, slug, { risk: {} });
  await closeNow(books, slug, '2024-10');
  const read = async () => {
    const rows = await books.sql<{ id: string }[]>`
      SELECT id FROM seen_events(${programId}, 2, ${Date.parse('2024-11-01T00:00:00Z')}::bigint,
                                 ${Date.parse('2024-12-01T00:00:00Z')}::bigint, true, 0, 1)`;
    return rows.map(({ id }) => id).sort();
  };
  expect(await read()).toEqual(['n1', 'n2']);
  await ingest(books.sql, programId, [event('like', 'z', 'c1', '2024-10-30T10:00:00Z', { id: 'late' })]);
  expect(await read()).toEqual(['late', 'n1', 'n2']);
  await revenue(books, slug, '2024-11', '10.00');
  await closeNow(books, slug, '2024-11');
  expect(likesOf(await resultOf(books, slug, '2024-11'), 'c1')).toBe(2);
});

it('batches are looked up by hash: many small ones cost no more than a few large ones', async () => {
  const plan = await books.owner<
    { 'QUERY PLAN': string }[]
  >`EXPLAIN SELECT * FROM seen_events(1, 1, 0, ${NOW}::bigint, false, 0, 1)`;
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toMatch(/hashed SubPlan/);
  expect(text).not.toMatch(/batch_id.* = ANY \(\(InitPlan/);
});
