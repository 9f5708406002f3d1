import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { DatabaseUnfit } from './errors.ts';
import { MIGRATION_LOCK, OWNER_ROLE } from './roles.ts';
import type { SchemaFiles, SqlFile } from './schema-files.ts';
import {
  assertMadeByThese,
  hasFunctionsOf,
  pendingMigrations,
  readStoredSchema,
  type StoredSchema,
} from './stored-schema.ts';

// Shorter than the second after which Postgres looks for deadlocks: it is always the upgrade that gives way, and no call of a service.
const LOCK_TIMEOUT_MS = 500;
const PAUSE_MS = 500;
const MAX_WAIT_MS = 600_000;

const CHANGED_MEANWHILE = 'RB002';
const DEPENDENT_OBJECTS_STILL_EXIST = '2BP01';
// lock_not_available, deadlock_detected
const IN_USE = new Set(['55P03', '40P01']);

/**
 * Applies the migrations that the database does not have, and makes functions, views and triggers again where any of their files is
 * another one, all in one transaction with the privileges: nobody sees a part of it, and a crash leaves the old or the new.
 * Where nothing has changed, only privileges are applied.
 *
 * Calls of services that are under way are waited for, in short attempts between which others go on.
 * @param sql connection of the migrating role; the tables schema_migration and function_file are there
 * @throws DatabaseUnfit where another version made the database meanwhile, where somebody else's objects depend on our views or functions,
 *   or where calls have been under way for ten minutes
 */
export async function upgrade(sql: postgres.Sql, files: SchemaFiles): Promise<void> {
  const until = Date.now() + MAX_WAIT_MS;
  for (;;) {
    const stored = await readStoredSchema(sql);
    assertMadeByThese(files, stored);
    if (hasFunctionsOf(files, stored) && pendingMigrations(files, stored).length === 0) {
      await sql.unsafe(`${MIGRATION_LOCK} ${files.privileges.text}`);
      return;
    }
    try {
      await applyPieces(sql, upgradePieces(files, stored));
      return;
    } catch (error) {
      const code = error instanceof postgres.PostgresError ? error.code : '';
      if (IN_USE.has(code) && Date.now() < until) {
        await pause(PAUSE_MS);
      } else if (code !== CHANGED_MEANWHILE) {
        throw asUnfit(error);
      }
    }
  }
}

interface Piece {
  /** Of the file that it is, for the message of an error in it. */
  readonly name: string;
  readonly text: string;
}

/** What one transaction does, in its order. */
function upgradePieces(files: SchemaFiles, stored: StoredSchema): Piece[] {
  const asOwner = `
    SET LOCAL ROLE ${OWNER_ROLE};
    SET LOCAL search_path = rewardbook, pg_temp;
    SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
    SET LOCAL check_function_bodies = off;
    DELETE FROM function_file;`;
  return [
    { name: 'lock', text: `${MIGRATION_LOCK} ${assertUnchanged(stored)}` },
    { name: 'owner', text: asOwner },
    files.dropFunctions,
    ...pendingMigrations(files, stored).flatMap((file) => [recorded('schema_migration', file), file]),
    ...files.functions.flatMap((file) => [recorded('function_file', file), file]),
    { name: 'migrating role', text: 'SET LOCAL ROLE NONE;' },
    files.privileges,
  ];
}

function recorded(table: string, { name, sha256 }: SqlFile): Piece {
  return { name, text: `INSERT INTO ${table} (name, sha256) VALUES ('${name}', '${sha256}');` };
}

/** Refuses with CHANGED_MEANWHILE where another caller was faster: what was planned is then not what is to be done. */
function assertUnchanged({ migrations, functions }: StoredSchema): string {
  const same = (table: string, hashes: ReadonlyMap<string, string | null>): string =>
    `(SELECT coalesce(jsonb_object_agg(name, sha256), '{}') FROM rewardbook.${table}) = '${JSON.stringify(Object.fromEntries(hashes))}'::jsonb`;
  return `DO $$ BEGIN
    IF NOT (${same('schema_migration', migrations)} AND ${same('function_file', functions)}) THEN
      RAISE EXCEPTION USING ERRCODE = '${CHANGED_MEANWHILE}', MESSAGE = 'another caller has upgraded the database meanwhile';
    END IF;
  END $$;`;
}

/** Runs all in one transaction. An error of Postgres that says where it is in the text names the file. */
async function applyPieces(sql: postgres.Sql, pieces: readonly Piece[]): Promise<void> {
  try {
    await sql.unsafe(pieces.map(({ text }) => text).join('\n'));
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.position !== undefined) {
      throw new Error(`${pieceAt(pieces, Number(error.position))}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Name of the piece in which a place of the text is, counted in code points from 1. */
function pieceAt(pieces: readonly Piece[], position: number): string {
  let end = 0;
  for (const { name, text } of pieces) {
    end += [...text].length + 1;
    if (position <= end) {
      return name;
    }
  }
  return 'the end';
}

function asUnfit(error: unknown): unknown {
  if (!(error instanceof postgres.PostgresError)) {
    return error;
  }
  if (error.code === DEPENDENT_OBJECTS_STILL_EXIST) {
    return new DatabaseUnfit(
      `The functions and views of Rewardbook cannot be made again, because something else depends on them: ${error.detail}. Drop that, start again, and make it again.`,
      { cause: error },
    );
  }
  if (IN_USE.has(error.code)) {
    return new DatabaseUnfit(
      `The database cannot be upgraded: calls have been under way for ${MAX_WAIT_MS / 60_000} minutes. Stop the services, and start again.`,
      { cause: error },
    );
  }
  return error;
}
