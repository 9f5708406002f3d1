import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { plainArray, textArray } from './array-literal.ts';
import { connect, type Sql } from './client.ts';

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = connect(database.serviceUrl, { max: 1 });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

// Read back as JSON: postgres.js 3.4.9 parses a NULL element of an array as the text 'NULL'.
it('brings any text that Postgres can hold there and back, quotes, commas, braces, NULL and all', async () => {
  const text = fc.oneof(
    fc.constantFrom('', 'NULL', 'null', '{}', '"', '\\', '\\"', 'a,b', ' ', '\t', "'; DROP TABLE event; --", '🙂'),
    fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', '')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { maxLength: 20 }), async (values) => {
      const [row] = await sql<{ values: (string | null)[] }[]>`SELECT to_json(${textArray(values)}::text[]) AS values`;
      expect(row?.values).toEqual(values);
    }),
    { numRuns: 200 },
  );
});

it('brings numbers, bigints and booleans there and back', async () => {
  const [row] = await sql`
    SELECT ${plainArray([-62167219200000, 0, 9007199254740991])}::bigint[] AS instants,
           ${plainArray([true, false])}::boolean[] AS flags, ${plainArray([])}::bigint[] AS none`;
  expect(row).toEqual({ instants: [-62167219200000n, 0n, 9007199254740991n], flags: [true, false], none: [] });
});
