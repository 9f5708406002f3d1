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
      SELECT creator_id, net_likes::integer FROM fold_events(
        ${program}, 1, NULL, 0, 86400000, 0, NULL, 0, '{}', '{}', ${limit}, ${limit}, ${limit}, NULL, '{0,86400000}', false, '{}', '{}')`;
    expect(rows).toEqual([{ creator_id: 'c', net_likes: 1 }]);
  });
});
