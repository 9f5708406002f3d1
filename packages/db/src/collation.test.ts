import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { connect, type Sql } from './client.ts';
import { migrate } from './migrate.ts';

// A database that sorts as people do ("a" before "B"), where bytes have it the other way round.
const NAME = 'collation';
let database: TestDatabase;
let server: Sql;
let sql: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  server = connect(database.ownerUrl, { max: 1 });
  await server.unsafe(
    `CREATE DATABASE ${database.name}_${NAME} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'`,
  );
  const url = new URL(database.ownerUrl);
  url.pathname = `/${database.name}_${NAME}`;
  await migrate(url.href);
  sql = connect(url.href, { max: 1 });
});
afterAll(async () => {
  await sql.end();
  await server.unsafe(`DROP DATABASE ${database.name}_${NAME} WITH (FORCE)`);
  await server.end();
  await database.drop();
});

describe('a fold in a database that sorts by a language', () => {
  it.each([
    ['without limits', null],
    ['with limits', 10],
  ])('takes the later of two ids by their bytes, %s', async (_, limit) => {
    const [sorted] = await sql<{ asPeopleDo: boolean }[]>`SELECT 'a' < 'B' AS "asPeopleDo"`;
    expect(sorted?.asPeopleDo).toBe(true);

    const program = limit === null ? 1 : 2;
    // By bytes "a" comes after "B": the like is given.
    await sql`SELECT ingest_events(${program}, '{a,B}', '{s,s}', '{v,v}', '{c,c}', '{k,k}', '{true,false}', '{1000,1000}')`;
    await sql`SELECT seal_left_behind('-1 hour')`;
    const rows = await sql`
      SELECT creator_id, net_likes::integer FROM fold_events(jsonb_populate_record(NULL::fold_terms, ${sql.json({
        program_id: program,
        close_no: 1,
        starts_at: 0,
        ends_at: 86_400_000,
        first_start: 0,
        creators_version: 0,
        blocked_viewers: [],
        blocked_creators: [],
        max_per_hour: limit,
        max_toggles: limit,
        max_likes_per_pair: limit,
        period_bounds: [0, 86_400_000],
        count_followers: false,
        part: 0,
        parts: 1,
      })}))`;
    expect(rows).toEqual([{ creator_id: 'c', net_likes: 1 }]);
  });
});

it('balances and postings come in the order of bytes, and a page begins behind the one before', async () => {
  await sql`
    INSERT INTO program (slug, currency, digits, time_zone, period_kind) OVERRIDING SYSTEM VALUE VALUES ('bytes', 'IDR', 2, 'UTC', 'month')`;
  await sql`INSERT INTO program_head (program_id, seq) SELECT program_id, 1 FROM program`;
  await sql`
    INSERT INTO journal_entry (program_id, seq, entry_id, entry_key, kind, effective_at, posted_at, details, posting_count, postings_hash, hash)
    SELECT program_id, 1, 7, 'close:2024-10', 'close', '2024-10-31', now(), '{}', 6, '', '' FROM program`;
  await sql`
    INSERT INTO posting_sheet (program_id, entry_id, first_creator, first_line, creator_ids, amounts)
    SELECT program_id, 7, ids[1], line, ids, ARRAY[-1.00, -1.00, -1.00] FROM program,
           (VALUES (1, ARRAY['B', 'D', '_x']), (4, ARRAY['a', 'b', 'c'])) AS s (line, ids)`;
  const ids = async (source: string) =>
    (await sql.unsafe<{ id: string }[]>(`SELECT creator_id AS id FROM ${source}`)).map(({ id }) => id);
  const byPlace = 'ORDER BY creator_id, account';
  for (const source of ['account_balance', "balances_between(1, '', last_creator())"]) {
    expect(await ids(`${source} ${byPlace}`)).toEqual(['B', 'D', '_x', 'a', 'b', 'c']);
    expect(await ids(`${source} WHERE (creator_id, account) > ('D', '~') ${byPlace}`)).toEqual(['_x', 'a', 'b', 'c']);
  }
  expect(await ids("postings_between(1, 'C', 'a') ORDER BY creator_id")).toEqual(['D', '_x', 'a']);
  await sql`SELECT roll_balances(1)`;
  expect(await ids(`balances_between(1, '_x', 'b') ${byPlace}`)).toEqual(['_x', 'a', 'b']);
});
