import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { DatabaseUnfit } from './errors.ts';
import { migrate } from './migrate.ts';
import { FUNCTION_FILES, listSqlFiles, readSchemaFiles, type SqlFile } from './schema-files.ts';
import { SESSION } from './session.ts';
import { upgrade } from './upgrade.ts';

let database: TestDatabase;
let owner: postgres.Sql;
let service: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  const options = { max: 1, onnotice: () => {}, connection: SESSION };
  owner = postgres(database.ownerUrl, options);
  service = postgres(database.serviceUrls.ledger, options);
  await owner`
    INSERT INTO program (slug, currency, digits, time_zone, period_kind) VALUES ('books', 'IDR', 2, 'UTC', 'month')`;
  await owner`INSERT INTO program_head (program_id) SELECT program_id FROM program`;
});
afterAll(async () => {
  await owner.end();
  await service.end();
  await database.drop();
});

/** Every trigger, view and routine with its number, which is another one once it was made again. */
const made = async () => [
  ...(await owner<{ name: string; oid: string }[]>`
    SELECT name, oid FROM (
      SELECT p.oid::regprocedure::text AS name, p.oid::text FROM pg_proc p WHERE p.pronamespace = 'rewardbook'::regnamespace
      UNION ALL
      SELECT c.relname, c.oid::text FROM pg_class c WHERE c.relnamespace = 'rewardbook'::regnamespace AND c.relkind = 'v'
      UNION ALL
      SELECT t.tgname || ' on ' || t.tgrelid::regclass, t.oid::text FROM pg_trigger t
      WHERE t.tgrelid IN (SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'rewardbook'::regnamespace) AND NOT t.tgisinternal
    ) AS m ORDER BY name COLLATE "C"`),
];
const names = (all: Awaited<ReturnType<typeof made>>) => all.map(({ name }) => name);
const numbers = (all: Awaited<ReturnType<typeof made>>) => new Set(all.map(({ oid }) => oid));

/** As if a build with other functions had made the database. */
const pretendOtherFunctions = () => owner`UPDATE function_file SET sha256 = repeat('0', 64) WHERE name = 'journal.sql'`;

/** A session of its own that has run a statement in a transaction, until `end`. */
async function holding(statement: string): Promise<{ end(): Promise<void> }> {
  const sql = postgres(database.ownerUrl, { max: 1, onnotice: () => {}, connection: SESSION });
  await sql.unsafe('BEGIN');
  await sql.unsafe(statement);
  return { end: () => sql.end() };
}

/** Process of the session that waits for a lock on a relation. */
async function waiting(relation: string): Promise<number> {
  for (;;) {
    const [row] = await owner<{ pid: number }[]>`
      SELECT pid FROM pg_locks WHERE NOT granted AND relation = ${`rewardbook.${relation}`}::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    if (row !== undefined) {
      return row.pid;
    }
    await pause(5);
  }
}

const numbered = (name: string, text: string): SqlFile => ({ name, text, sha256: '1'.repeat(64) });

it('knows every file of functions', async () => {
  expect([...FUNCTION_FILES].sort()).toEqual(await listSqlFiles('functions'));
});

it('has functions whose bodies can all be read', async () => {
  const checked = await owner`
    SELECT CASE l.lanname WHEN 'sql' THEN fmgr_sql_validator(p.oid)::text ELSE plpgsql_validator(p.oid)::text END
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'rewardbook'::regnamespace`;
  expect(checked.length).toBeGreaterThan(100);
});

it('has no table, index, default or domain that uses a function of ours', async () => {
  const users = await owner`
    SELECT pg_describe_object(d.classid, d.objid, d.objsubid) AS user, p.proname AS function
    FROM pg_depend d JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
    LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    WHERE p.pronamespace = 'rewardbook'::regnamespace AND d.classid <> 'pg_trigger'::regclass
      AND (SELECT c.relkind FROM pg_class c WHERE c.oid = r.ev_class) IS DISTINCT FROM 'v'`;
  expect(users).toEqual([]);
});

describe('an upgrade', () => {
  it('drops nothing where nothing has changed', async () => {
    const before = await made();
    await migrate(database.ownerUrl);
    expect(await made()).toEqual(before);
  });

  it('makes all functions, views and triggers again where a file has changed, also when several callers race', async () => {
    const before = await made();
    await pretendOtherFunctions();
    await owner`INSERT INTO function_file (name, sha256) VALUES ('gone.sql', repeat('0', 64))`;
    await owner.unsafe('CREATE FUNCTION rewardbook.gone() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$');
    await Promise.all([1, 2, 3, 4].map(() => migrate(database.ownerUrl)));
    const after = await made();
    expect(names(after)).toEqual(names(before));
    expect([...numbers(after)].filter((oid) => numbers(before).has(oid))).toEqual([]);
    expect(await owner`SELECT 1 FROM function_file`).toHaveLength(FUNCTION_FILES.length);
    await migrate(database.ownerUrl);
    expect(await made()).toEqual(after);
  });

  it('is done again for a database that has tables and keeps no file of functions', async () => {
    const before = await made();
    await owner`DROP TABLE function_file`;
    await migrate(database.ownerUrl);
    expect(names(await made())).toEqual(names(before));
    expect(await made()).not.toEqual(before);
  });

  it('leaves functions of extensions', async () => {
    await owner.unsafe('CREATE FUNCTION rewardbook.theirs() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$');
    await owner.unsafe('ALTER EXTENSION plpgsql ADD FUNCTION rewardbook.theirs()');
    await pretendOtherFunctions();
    await migrate(database.ownerUrl);
    expect(names(await made())).toContain('theirs()');
    await owner.unsafe('ALTER EXTENSION plpgsql DROP FUNCTION rewardbook.theirs()');
    await owner.unsafe('DROP FUNCTION rewardbook.theirs()');
  });

  it('waits for a call that changes the books, while others go on', async () => {
    const before = await made();
    await pretendOtherFunctions();
    const call = await holding('LOCK TABLE program_head IN ROW SHARE MODE');
    const migrated = migrate(database.ownerUrl);
    await waiting('program_head');
    // This one comes after the upgrade, which gives way all the same as long as it has to wait.
    expect(await service`SELECT post_holdbacks(program_id) AS posted FROM program`).toEqual([{ posted: 0 }]);
    expect(await made()).toEqual(before);
    await call.end();
    await migrated;
    expect(await made()).not.toEqual(before);
  });

  it('is seen as a whole: calls during it find functions that they may call', async () => {
    await pretendOtherFunctions();
    let isDone = false;
    const migrated = migrate(database.ownerUrl).finally(() => {
      isDone = true;
    });
    let calls = 0;
    while (!isDone) {
      await service`SELECT balance_of(1, 'platform:cash'), (SELECT count(*) FROM account_balance)`;
      calls += 1;
    }
    await migrated;
    expect(calls).toBeGreaterThan(0);
  });

  it('that is killed leaves all as it was', async () => {
    const before = await made();
    await pretendOtherFunctions();
    const reader = await holding('SELECT 1 FROM roll_due');
    const migrated = migrate(database.ownerUrl).catch((error: unknown) => error);
    const pid = await waiting('roll_due'); // its triggers are dropped, and part of the functions
    await owner`SELECT pg_terminate_backend(${pid})`;
    expect(await migrated).toBeInstanceOf(Error);
    expect(await made()).toEqual(before);
    await reader.end();
    await migrate(database.ownerUrl);
    expect(names(await made())).toEqual(names(before));
  });

  it('names what somebody else has built on a view', async () => {
    const before = await made();
    await owner.unsafe('CREATE VIEW public.theirs AS SELECT * FROM rewardbook.account_balance');
    await pretendOtherFunctions();
    const refused = await migrate(database.ownerUrl).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DatabaseUnfit);
    expect(String(refused)).toMatch(/view public\.theirs depends on view account_balance.*Drop that/s);
    expect(await made()).toEqual(before);
    await owner.unsafe('DROP VIEW public.theirs');
    await migrate(database.ownerUrl);
  });

  it('applies a later migration in the same transaction, also one that changes what a view reads', async () => {
    const files = await readSchemaFiles();
    const wider = numbered('9000_wider.sql', 'ALTER TABLE posting_line ALTER line TYPE bigint;');
    const broken = numbered('9001_broken.sql', 'CREATE TABLE half (n integer);\nCREATE TABEL other (n integer);');
    await expect(upgrade(owner, { ...files, migrations: [...files.migrations, wider, broken] })).rejects.toThrow(
      /^9001_broken\.sql: syntax error at or near "TABEL"/,
    );
    const type = () =>
      owner`SELECT data_type AS type FROM information_schema.columns WHERE table_name = 'posting_line' AND column_name = 'line'`;
    expect(await type()).toEqual([{ type: 'integer' }]);
    expect(await owner`SELECT to_regclass('rewardbook.half') AS half`).toEqual([{ half: null }]);
    await upgrade(owner, { ...files, migrations: [...files.migrations, wider] });
    expect(await type()).toEqual([{ type: 'bigint' }]);
  });
});
