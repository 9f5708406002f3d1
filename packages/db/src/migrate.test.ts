import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { DatabaseUnfit } from './errors.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let owner: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

it('applies each migration once, also when several callers race on an empty database', async () => {
  await owner`DROP SCHEMA rewardbook CASCADE`;
  await Promise.all([1, 2, 3, 4].map(() => migrate(database.ownerUrl)));
  const names = (await owner<{ name: string }[]>`SELECT name FROM rewardbook.schema_migration ORDER BY name`).map(
    (row) => row.name,
  );
  expect(names[0]).toBe('0001_programs.sql');
  await migrate(database.ownerUrl);
  expect(await owner`SELECT 1 FROM rewardbook.schema_migration`).toHaveLength(names.length);
});

it('refuses a database that is not UTF8', async () => {
  const name = `${database.name}_latin1`;
  await owner.unsafe(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
  const url = new URL(database.ownerUrl);
  url.pathname = `/${name}`;
  await expect(migrate(url.href)).rejects.toThrow(DatabaseUnfit);
  await owner.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
});

it('refuses a database from before 0.2.0, which cannot be upgraded', async () => {
  await owner`UPDATE rewardbook.schema_migration SET name = '0001_program.sql' WHERE name = '0001_programs.sql'`;
  await expect(migrate(database.ownerUrl)).rejects.toThrow(
    /before 0\.2\.0 made the database.*Databases from before 0\.2\.0 cannot be upgraded\. Open it with the build that made it/,
  );
  await owner`UPDATE rewardbook.schema_migration SET name = '0001_programs.sql' WHERE name = '0001_program.sql'`;
  await migrate(database.ownerUrl);
});

it('refuses a database that another version made, and leaves it unchanged', async () => {
  await owner`UPDATE rewardbook.schema_migration SET name = '0004_revenue.sql' WHERE name = '0005_balances.sql'`;
  await expect(migrate(database.ownerUrl)).rejects.toThrow(
    /has 0004_revenue\.sql, which this version .* does not know/,
  );
  await owner`UPDATE rewardbook.schema_migration SET name = '0005_balances.sql' WHERE name = '0004_revenue.sql'`;
  await migrate(database.ownerUrl);
});

describe('a database that another build made with an edited migration', () => {
  const books = async () => [
    ...(await owner`SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = 'rewardbook'::regnamespace ORDER BY 1`),
  ];

  it('is refused with advice on what to do, and left unchanged', async () => {
    const before = await books();
    const [kept] = await owner`SELECT sha256 FROM rewardbook.schema_migration WHERE name = '0007_closes.sql'`;
    await owner`UPDATE rewardbook.schema_migration SET sha256 = repeat('0', 64) WHERE name = '0007_closes.sql'`;
    const refused = await migrate(database.ownerUrl).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DatabaseUnfit);
    expect(String(refused)).toMatch(
      /made with another 0007_closes\.sql than that of this build \(SHA-256 0{64}, here [0-9a-f]{64}\).*Open it with the build that made it; or use a new database or data folder/,
    );
    expect(await books()).toEqual(before);
    await owner`UPDATE rewardbook.schema_migration SET sha256 = ${kept?.sha256} WHERE name = '0007_closes.sql'`;
    await migrate(database.ownerUrl);
  });

  it('is refused too where that build kept no hashes', async () => {
    await owner`ALTER TABLE rewardbook.schema_migration RENAME sha256 TO other`;
    await expect(migrate(database.ownerUrl)).rejects.toThrow(/another 0001_programs\.sql .*SHA-256 not kept/);
    await owner`ALTER TABLE rewardbook.schema_migration RENAME other TO sha256`;
  });
});

it('keeps every id column in byte order', async () => {
  const columns = await owner`
    SELECT c.table_name, c.column_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'rewardbook' AND t.table_type = 'BASE TABLE' AND c.data_type = 'text'
      AND c.column_name ~ '^(id|source|account|reference|entry_key|slug|period|.*_id)$' AND c.collation_name IS DISTINCT FROM 'C'
      -- what was refused is kept as it came; a bank account is no account of the books
      AND c.table_name <> 'refused_event'
      AND NOT (c.table_name IN ('creator', 'creator_import_row', 'payout') AND c.column_name = 'account')`;
  expect(columns).toEqual([]);
});
