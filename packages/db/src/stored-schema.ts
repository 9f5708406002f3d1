import type postgres from 'postgres';
import { DatabaseUnfit } from './errors.ts';
import type { SchemaFiles, SqlFile } from './schema-files.ts';

/** What keeps the files that a database was made with. */
export const BOOKKEEPING_TABLES = `
  CREATE TABLE IF NOT EXISTS rewardbook.schema_migration (
    name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS rewardbook.function_file (
    name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());`;

/** What made a database: the SHA-256 of each file by its name. */
export interface StoredSchema {
  /** null where the build that made it did not keep the SHA-256. */
  readonly migrations: ReadonlyMap<string, string | null>;
  readonly functions: ReadonlyMap<string, string | null>;
}

/** What the database was made by; nothing where it is new. */
export async function readStoredSchema(sql: postgres.Sql): Promise<StoredSchema> {
  return {
    migrations: await readHashes(sql, 'schema_migration'),
    functions: await readHashes(sql, 'function_file'),
  };
}

async function readHashes(sql: postgres.Sql, table: string): Promise<Map<string, string | null>> {
  const [found] = await sql<{ isThere: boolean }[]>`
    SELECT to_regclass(${`rewardbook.${table}`}) IS NOT NULL AS "isThere"`;
  if (found?.isThere !== true) {
    return new Map();
  }
  const rows = await sql<{ name: string; sha256: string | null }[]>`
    SELECT name, to_jsonb(f) ->> 'sha256' AS sha256 FROM rewardbook.${sql(table)} f ORDER BY name COLLATE "C"`;
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

/** The migrations of this build that the database does not have, in their order. */
export function pendingMigrations(files: SchemaFiles, stored: StoredSchema): readonly SqlFile[] {
  return files.migrations.filter(({ name }) => !stored.migrations.has(name));
}

/** Whether the database's functions are those of this build: the same files, and no other. */
export function hasFunctionsOf(files: SchemaFiles, stored: StoredSchema): boolean {
  return (
    stored.functions.size === files.functions.length &&
    files.functions.every(({ name, sha256 }) => stored.functions.get(name) === sha256)
  );
}

const WHAT_TO_DO =
  'Open it with the build that made it; or use a new database or data folder, and bring in policies, creators, revenue and the recorded events (rewardbook record) again.';

/**
 * Refuses a database whose tables are not those of this build, or of an earlier release.
 *
 * @throws DatabaseUnfit with what to do
 */
export function assertMadeByThese(files: SchemaFiles, stored: StoredSchema): void {
  const first = files.migrations[0];
  if (stored.migrations.size > 0 && first !== undefined && !stored.migrations.has(first.name)) {
    throw new DatabaseUnfit(
      `A version of Rewardbook before 0.2.0 made the database: it does not have ${first.name}. Databases from before 0.2.0 cannot be upgraded. ${WHAT_TO_DO}`,
    );
  }
  const ours = new Map(files.migrations.map(({ name, sha256 }) => [name, sha256]));
  for (const [name, sha256] of stored.migrations) {
    const expected = ours.get(name);
    if (expected === undefined) {
      throw new DatabaseUnfit(
        `The database has ${name}, which this version of Rewardbook does not know: another version made it. ${WHAT_TO_DO}`,
      );
    }
    if (sha256 !== expected) {
      throw new DatabaseUnfit(
        `The database was made with another ${name} than that of this build (SHA-256 ${sha256 ?? 'not kept'}, here ${expected}): its tables are not those that this build works with. ${WHAT_TO_DO}`,
      );
    }
  }
}
