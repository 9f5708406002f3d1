import type { Sql } from '@rewardbook/db/client';
import { OWNER_ROLE } from '@rewardbook/db/roles';
import { readSchemaFiles } from '@rewardbook/db/schema-files';
import { BOOKKEEPING_TABLES } from '@rewardbook/db/stored-schema';

/**
 * A database as one SQL text: tables, data, functions. A superuser restores it in one transaction into an empty database of a server that
 * has the roles. pg_dump is not among the binaries that tests have.
 */
export async function dumpDatabase(sql: Sql): Promise<string> {
  const { migrations, functions } = await readSchemaFiles();
  const tables = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'rewardbook'::regnamespace AND relkind = 'r' ORDER BY relname`;
  const sequences = await sql<{ statement: string }[]>`
    SELECT format('SELECT setval(%L, %s, %L);', sequencename, coalesce(last_value, start_value), last_value IS NOT NULL) AS statement
    FROM pg_sequences WHERE schemaname = 'rewardbook' ORDER BY sequencename`;
  const data: string[] = [];
  for (const { name } of tables) {
    data.push(await dumpTable(sql, name));
  }
  return [
    'SET LOCAL session_replication_role = replica; -- rows come in any order: foreign keys hold in the end',
    `CREATE SCHEMA rewardbook AUTHORIZATION ${OWNER_ROLE};`,
    `SET LOCAL ROLE ${OWNER_ROLE};`,
    'SET LOCAL search_path = rewardbook, pg_temp;',
    'SET LOCAL check_function_bodies = off;',
    BOOKKEEPING_TABLES,
    ...migrations.map(({ text }) => text),
    ...data,
    ...sequences.map(({ statement }) => statement),
    ...functions.map(({ text }) => text),
  ].join('\n');
}

async function dumpTable(sql: Sql, name: string): Promise<string> {
  const rows = await sql<{ row: string }[]>`
    SELECT to_json(t)::text AS row FROM ${sql(name)} AS t ORDER BY to_json(t)::text COLLATE "C"`;
  const values = rows.map(({ row }) => row).join(',\n');
  return `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${name}, $data$[${values}]$data$);`;
}
