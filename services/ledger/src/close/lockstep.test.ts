import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Books, closeNow, event, ingest, programOf, resultOf, textOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';
import { openService, type TestService } from '../test-support/service.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { dryRuns } from './dry-run.ts';

// Viewers in lockstep: next to the result, outside its hash, and derived again by verify.

const RULE = { viewers: 3, targets: 5, windowSeconds: 60, maxWindowViewers: 4 };

let service: TestService;
let books: Books;
let reader: string;

beforeAll(async () => {
  service = await openService();
  ({ books } = service);
  reader = await service.rootKey('reader', ['read']);
});
afterAll(() => service.close());

async function list(slug: string, query = '') {
  const answer = await service.call(reader, 'GET', `/v1/programs/${slug}/periods/2024-10/lockstep${query}`);
  return { status: answer.status, body: answer.json() };
}

/** Bots in two gangs, one of three and one of four, who like five contents within the same minutes. */
async function openWithBots(slug: string, risk: object): Promise<void> {
  const programId = await openProgram(books, slug, { risk });
  const gangs = [
    ['bot1', 'bot2', 'bot3'],
    ['bad1', 'bad2', 'bad3', 'bad4'],
  ];
  const events = gangs.flatMap((gang, number) =>
    gang.flatMap((viewer, place) =>
      [10, 11, 12, 13, 14].map((hour) =>
        event('like', viewer, 'c1', `2024-10-2${number}T${hour}:00:0${place}Z`, { contentId: `g${number}h${hour}` }),
      ),
    ),
  );
  await ingest(books.sql, programId, events);
}

it('lists groups in the result, in the dry run and as pages, and none where the policy does not ask', async () => {
  await openWithBots('asks', { lockstep: RULE });
  await openWithBots('silent', {});
  const dry = await dryRuns(books.ledger, 1)('asks', '2024-10');
  const shown = await textOf(dry.text);
  dry.release();
  expect((await list('asks')).status).toBe(409);
  for (const slug of ['asks', 'silent']) {
    await closeNow(books, slug, '2024-10');
  }

  const bad = { viewers: ['bad1', 'bad2', 'bad3', 'bad4'], links: 6, matches: 30 };
  const bots = { viewers: ['bot1', 'bot2', 'bot3'], links: 3, matches: 15 };
  const result = await resultOf(books, 'asks', '2024-10');
  expect(shown).toBe(result);
  expect(JSON.parse(result).lockstep).toEqual([bad, bots]);
  expect(JSON.parse(await resultOf(books, 'silent', '2024-10'))).not.toHaveProperty('lockstep');

  const first = await list('asks', '?limit=1');
  expect(first.body.items).toEqual([{ number: 1, ...bad }]);
  const second = await list('asks', `?limit=1&cursor=${first.body.nextCursor}`);
  expect(second.body).toEqual({ items: [{ number: 2, ...bots }], nextCursor: null });
  expect((await list('silent')).body.items).toEqual([]);
});

it('verify derives the groups again, and sees one that was changed or lost', async () => {
  const different = async (): Promise<string[]> => {
    const { checks } = await verifyProgram(books.ledger, await programOf(books, 'asks'));
    return checks.flatMap(({ difference }) => (difference === null ? [] : [difference]));
  };
  expect(await different()).toEqual([]);
  await books.owner`DELETE FROM lockstep_group WHERE group_no = 2`;
  expect(await different()).toEqual(['period 2024-10: group 2 in lockstep is missing']);
  await books.owner`UPDATE lockstep_group SET viewers = '{bad1,bad2,bad3}'`;
  expect((await different())[0]).toContain('group 1 in lockstep is {"viewers":["bad1","bad2","bad3"]');
});

it('what attempts that are gone have staged is removed by the next', async () => {
  const { programId } = await programOf(books, 'asks');
  await books.owner`INSERT INTO lockstep_group VALUES (${programId}, 999999, 1, '{x,y}', 1, 1)`;
  const [attempt] = await books.owner<{ id: string }[]>`
    INSERT INTO close_attempt (program_id, close_no, parts) VALUES (${programId}, 2, 1) RETURNING attempt_id::text AS id`;
  await books.sql`SELECT stage_lockstep(${programId}, ${attempt?.id ?? ''}::bigint, 1, ${['a\nb']}, ${[1]}::bigint[], ${[1]}::bigint[])`;
  const rows = await books.sql<{ viewers: string[] }[]>`
    SELECT viewers FROM lockstep_group WHERE program_id = ${programId} ORDER BY attempt_id, group_no`;
  expect(rows.map(({ viewers }) => viewers.join(' '))).toEqual(['bad1 bad2 bad3', 'a b']);
});
