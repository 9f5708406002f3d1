import { readdir, readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { DatabaseUnfit } from './errors.ts';
import { MIGRATION_LOCK, OWNER_ROLE, prepareRoles, restrictTemporaryTables } from './roles.ts';
import { SESSION } from './session.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
const PRIVILEGES = new URL('../privileges.sql', import.meta.url);
const UNIQUE_VIOLATION = '23505';
const OLDEST_SERVER = 150000;

/**
 * Brings the database up to the newest schema; what is applied already is skipped, and several callers may race.
 *
 * Each migration is one multi-statement call, hence one transaction that also records it: a crash leaves it applied or not. All that it
 * makes belongs to a role that can do nothing else. Who may do what is said again at the end of every call.
 * @param ownerUrl the database's owner, who may make roles or is a member of those that were made beforehand
 * @throws DatabaseUnfit when the server is too old, the database is not UTF8, another version made it, or rights are missing
 */
export async function migrate(ownerUrl: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, connect_timeout: 10, onnotice: () => {}, connection: SESSION });
  try {
    await assertFit(sql);
    await prepareRoles(sql);
    await sql.unsafe(`${MIGRATION_LOCK}
      CREATE SCHEMA IF NOT EXISTS rewardbook AUTHORIZATION ${OWNER_ROLE};
      SET LOCAL ROLE ${OWNER_ROLE};
      CREATE TABLE IF NOT EXISTS rewardbook.schema_migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());`);
    const applied = new Set(
      (await sql<{ name: string }[]>`SELECT name FROM rewardbook.schema_migration`).map((row) => row.name),
    );
    const names = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
    const foreign = [...applied].find((name) => !names.includes(name));
    if (foreign !== undefined) {
      throw new DatabaseUnfit(
        `The database has ${foreign}, which this version of Rewardbook does not know: another version made it. Use that one, or a new database or data folder.`,
      );
    }
    for (const name of names) {
      if (!applied.has(name)) await apply(sql, name, await readFile(new URL(name, MIGRATIONS), 'utf8'));
    }
    await restrictTemporaryTables(sql, await databaseOf(sql));
    await sql.unsafe(`${MIGRATION_LOCK} ${await readFile(PRIVILEGES, 'utf8')}`);
  } finally {
    await sql.end();
  }
}

async function apply(sql: postgres.Sql, name: string, body: string): Promise<void> {
  try {
    await sql.unsafe(`${MIGRATION_LOCK}
      SET LOCAL ROLE ${OWNER_ROLE};
      SET LOCAL search_path = rewardbook, pg_temp;
      INSERT INTO schema_migration (name) VALUES ('${name}');
      ${body}`);
  } catch (error) {
    const appliedByAnother =
      error instanceof postgres.PostgresError &&
      error.code === UNIQUE_VIOLATION &&
      error.table_name === 'schema_migration';
    if (!appliedByAnother) throw error;
  }
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
  if (row === undefined) throw new Error('current_database() gave no row');
  return row.name;
}
