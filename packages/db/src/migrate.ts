import postgres from 'postgres';
import { databaseAddress } from './database-address.ts';
import { DatabaseUnfit } from './errors.ts';
import { MIGRATION_LOCK, OWNER_ROLE, prepareRoles, restrictTemporaryTables } from './roles.ts';
import { readSchemaFiles } from './schema-files.ts';
import { SESSION } from './session.ts';
import { assertMadeByThese, BOOKKEEPING_TABLES, readStoredSchema } from './stored-schema.ts';
import { upgrade } from './upgrade.ts';

const OLDEST_SERVER = 150000;

/**
 * Brings the database up to the newest schema, functions and privileges: `upgrade` in upgrade.ts. Several callers may race.
 *
 * Tables come from migrations, each applied once and kept with the SHA-256 of its text: a database made by a different text of it is
 * refused. Functions, views and triggers are made again whenever one of their files has changed. All of it belongs to a role that
 * can do nothing else.
 * @param ownerUrl the database's owner, who may make roles or is a member of those that were made beforehand
 * @throws DatabaseUnfit when the server is too old, the database is not UTF8, another version made it, or rights are missing
 */
export async function migrate(ownerUrl: string): Promise<void> {
  const { url, ssl } = databaseAddress(ownerUrl);
  const sql = postgres(url, {
    ssl,
    max: 1,
    connect_timeout: 10,
    onnotice: () => {},
    connection: SESSION,
  });
  try {
    await assertFit(sql);
    const files = await readSchemaFiles();
    assertMadeByThese(files, await readStoredSchema(sql)); // before anything is written
    await prepareRoles(sql);
    await makeSchema(sql);
    await restrictTemporaryTables(sql, await databaseOf(sql));
    await upgrade(sql, files);
  } finally {
    await sql.end({ timeout: 1 }); // seconds: where its backend was killed, postgres.js waits for it otherwise
  }
}

async function makeSchema(sql: postgres.Sql): Promise<void> {
  // Reading a table makes the connection notice what others made while it waited: since it set its search path, it
  // has cached that the schema does not exist.
  await sql.unsafe(`${MIGRATION_LOCK}
    SELECT FROM pg_namespace LIMIT 0;
    CREATE SCHEMA IF NOT EXISTS rewardbook AUTHORIZATION ${OWNER_ROLE};
    SET LOCAL ROLE ${OWNER_ROLE};
    ${BOOKKEEPING_TABLES}`);
}

async function assertFit(sql: postgres.Sql): Promise<void> {
  const [row] = await sql<{ version: number; encoding: string }[]>`
    SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding`;
  if (!row || row.version < OLDEST_SERVER) {
    throw new DatabaseUnfit(`PostgreSQL 15 or later is needed; this server is ${row?.version}.`);
  }
  if (row.encoding !== 'UTF8') {
    throw new DatabaseUnfit(`The database's encoding is ${row.encoding}; create one with ENCODING 'UTF8'.`);
  }
}

async function databaseOf(sql: postgres.Sql): Promise<string> {
  const [row] = await sql<{ name: string }[]>`SELECT current_database() AS name`;
  if (row === undefined) {
    throw new Error('current_database() gave no row');
  }
  return row.name;
}
