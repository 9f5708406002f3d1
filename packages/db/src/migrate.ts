import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { databaseAddress } from './database-address.ts';
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
 * Each migration is one multi-statement call, hence one transaction that also records it, with the SHA-256 of its text: a crash leaves
 * it applied or not, and a database made by a different text of it is refused. All that it makes belongs to a role that
 * can do nothing else. Privileges are applied again at the end of every call.
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
    const migrations = await readMigrations();
    for (const [name, sha256] of await readApplied(sql)) {
      assertOurs(name, sha256, migrations.get(name));
    }
    await prepareRoles(sql);
    // Reading a table makes the connection notice what others made while it waited: since it set its search path, it
    // has cached that the schema does not exist.
    await sql.unsafe(`${MIGRATION_LOCK}
      SELECT FROM pg_namespace LIMIT 0;
      CREATE SCHEMA IF NOT EXISTS rewardbook AUTHORIZATION ${OWNER_ROLE};
      SET LOCAL ROLE ${OWNER_ROLE};
      CREATE TABLE IF NOT EXISTS rewardbook.schema_migration (
        name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());`);
    const applied = await readApplied(sql);
    for (const [name, migration] of migrations) {
      if (!applied.has(name)) {
        await apply(sql, name, migration);
      }
    }
    await restrictTemporaryTables(sql, await databaseOf(sql));
    await sql.unsafe(`${MIGRATION_LOCK} ${await readFile(PRIVILEGES, 'utf8')}`);
  } finally {
    await sql.end();
  }
}

interface Migration {
  readonly body: string;
  /** Of the file's bytes, in lower-case hex. */
  readonly sha256: string;
}

/** All migrations of this build by file name, in their order. */
async function readMigrations(): Promise<Map<string, Migration>> {
  const names = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = new Map<string, Migration>();
  for (const name of names) {
    const bytes = await readFile(new URL(name, MIGRATIONS));
    migrations.set(name, { body: bytes.toString('utf8'), sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return migrations;
}

/** What the database was made by, nothing where it is new; null where the build that made it did not keep the SHA-256. */
async function readApplied(sql: postgres.Sql): Promise<Map<string, string | null>> {
  const [found] = await sql<
    { isThere: boolean }[]
  >`SELECT to_regclass('rewardbook.schema_migration') IS NOT NULL AS "isThere"`;
  if (found?.isThere !== true) {
    return new Map();
  }
  const rows = await sql<{ name: string; sha256: string | null }[]>`
    SELECT name, to_jsonb(m) ->> 'sha256' AS sha256 FROM rewardbook.schema_migration m ORDER BY name`;
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

const WHAT_TO_DO =
  'Open it with the build that made it; or use a new database or data folder, and bring in policies, creators, revenue and the recorded events (rewardbook record) again.';

function assertOurs(name: string, sha256: string | null, ours: Migration | undefined): void {
  if (ours === undefined) {
    throw new DatabaseUnfit(
      `The database has ${name}, which this version of Rewardbook does not know: another version made it. ${WHAT_TO_DO}`,
    );
  }
  if (sha256 !== ours.sha256) {
    throw new DatabaseUnfit(
      `The database was made with another ${name} than that of this build (SHA-256 ${sha256 ?? 'not kept'}, here ${ours.sha256}): its tables and functions are not those that this build works with. ${WHAT_TO_DO}`,
    );
  }
}

async function apply(sql: postgres.Sql, name: string, { body, sha256 }: Migration): Promise<void> {
  try {
    await sql.unsafe(`${MIGRATION_LOCK}
      SET LOCAL ROLE ${OWNER_ROLE};
      SET LOCAL search_path = rewardbook, pg_temp;
      INSERT INTO schema_migration (name, sha256) VALUES ('${name}', '${sha256}');
      ${body}`);
  } catch (error) {
    const appliedByAnother =
      error instanceof postgres.PostgresError &&
      error.code === UNIQUE_VIOLATION &&
      error.table_name === 'schema_migration';
    if (!appliedByAnother) {
      throw error;
    }
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
  if (row === undefined) {
    throw new Error('current_database() gave no row');
  }
  return row.name;
}
