import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

const PACKAGE = new URL('../', import.meta.url);

/**
 * The files of `functions/`, in the order in which they are applied. A view needs what it reads and calls to be there, a trigger its
 * function, and a function the view whose rows it returns; bodies of functions are not looked at before they are called, so
 * nothing else depends on the order.
 */
export const FUNCTION_FILES = [
  'guards.sql',
  'journal.sql',
  'balances.sql',
  'programs.sql',
  'creators.sql',
  'events.sql',
  'revenue.sql',
  'closes.sql',
  'beyond.sql',
  'attempts.sql',
  'fold.sql',
  'viewers.sql',
  'holdbacks.sql',
  'holds.sql',
  'approvals.sql',
  'payouts.sql',
  'settlement.sql',
  'adjustments.sql',
  'proofs.sql',
  'access.sql',
  'audit.sql',
  'reconciliation.sql',
  'sorting.sql',
  'verify.sql',
] as const;

export interface SqlFile {
  readonly name: string;
  readonly text: string;
  /** Of the file's bytes, in lower-case hex. */
  readonly sha256: string;
}

/** All SQL of this build. */
export interface SchemaFiles {
  /** In their order, which is that of their names. */
  readonly migrations: readonly SqlFile[];
  /** In the order in which they are applied. */
  readonly functions: readonly SqlFile[];
  readonly dropFunctions: SqlFile;
  readonly privileges: SqlFile;
}

/** Reads the SQL files of this package. */
export async function readSchemaFiles(): Promise<SchemaFiles> {
  const migrationNames = await listSqlFiles('migrations');
  return {
    migrations: await Promise.all(migrationNames.map((name) => readSqlFile('migrations/', name))),
    functions: await Promise.all(FUNCTION_FILES.map((name) => readSqlFile('functions/', name))),
    dropFunctions: await readSqlFile('', 'drop-functions.sql'),
    privileges: await readSqlFile('', 'privileges.sql'),
  };
}

/** Names of the SQL files in a folder of this package, sorted. */
export async function listSqlFiles(folder: 'migrations' | 'functions'): Promise<string[]> {
  return (await readdir(new URL(folder, PACKAGE))).filter((file) => file.endsWith('.sql')).sort();
}

async function readSqlFile(folder: string, name: string): Promise<SqlFile> {
  const bytes = await readFile(new URL(`${folder}${name}`, PACKAGE));
  return { name, text: bytes.toString('utf8'), sha256: createHash('sha256').update(bytes).digest('hex') };
}
