import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { connect, type Sql } from './client.ts';
import * as schema from './schema.ts';

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

// What queries never read.
const LEFT_OUT = new Set(['ingest_batch.token']);

it("drizzle's view of each table has the columns, types and nullability of the database", async () => {
  const actual = await sql<{ table: string; column: string; type: string; notNull: boolean }[]>`
    SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'rewardbook'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`;
  const tables = Object.values(schema).filter((value) => is(value, PgTable));
  expect(tables.length).toBeGreaterThan(0);
  for (const table of tables) {
    const { name, columns } = getTableConfig(table);
    const declared = columns.map((column) => ({
      column: column.name,
      type: column.getSQLType(),
      notNull: column.notNull,
    }));
    const stored = actual
      .filter((row) => row.table === name && !LEFT_OUT.has(`${name}.${row.column}`))
      .map(({ column, type, notNull }) => ({ column, type, notNull }));
    const byName = (a: { column: string }, b: { column: string }) =>
      Buffer.compare(Buffer.from(a.column), Buffer.from(b.column));
    expect({ name, columns: declared.sort(byName) }).toEqual({ name, columns: stored.sort(byName) });
  }
});
