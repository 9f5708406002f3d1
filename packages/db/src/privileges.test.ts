import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { connect, type Sql } from './client.ts';
import { OWNER_ROLE, SERVICE_ROLES, type ServiceName } from './roles.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
const SERVICES: readonly ServiceName[] = ['events', 'ledger', 'reports'];

let database: TestDatabase;
let owner: Sql;
let service: Sql; // in the roles of all three

beforeAll(async () => {
  database = await createTestDatabase();
  owner = connect(database.ownerUrl, { max: 1 });
  service = connect(database.serviceUrl, { max: 1 });
});
afterAll(async () => {
  await service.end();
  await owner.end();
  await database.drop();
});

describe("the services' database roles", () => {
  it('cannot insert into, update, delete from or truncate any table, view or sequence, nor make anything', async () => {
    const relations = await owner<{ name: string; kind: string }[]>`
      SELECT oid::regclass::text AS name, relkind AS kind FROM pg_class
      WHERE relnamespace = 'rewardbook'::regnamespace AND relkind IN ('r', 'v', 'S')`;
    expect(relations.length).toBeGreaterThan(40);
    for (const { name, kind } of relations) {
      const [{ allowed } = { allowed: true }] =
        kind === 'S'
          ? await service<{ allowed: boolean }[]>`SELECT has_sequence_privilege(${name}, 'USAGE, UPDATE') AS allowed`
          : await service<{ allowed: boolean }[]>`
              SELECT has_table_privilege(${name}, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') AS allowed`;
      expect({ name, allowed }).toEqual({ name, allowed: false });
    }
    const [may] = await service`
      SELECT has_database_privilege(current_database(), 'TEMPORARY, CREATE') AS database,
             has_schema_privilege('rewardbook', 'CREATE') AS schema`;
    expect(may).toEqual({ database: false, schema: false });
  });

  it.each([
    'UPDATE journal_entry SET details = details',
    'DELETE FROM journal_entry',
    'UPDATE posting_line SET amount = amount + 1',
    'DELETE FROM posting_sheet',
    'UPDATE balance_checkpoint SET debit = 0',
    'DELETE FROM event',
    'ALTER TABLE posting_line ADD COLUMN note text',
    'CREATE TABLE rewardbook.mine (n integer)',
    'CREATE TEMP TABLE mine (n integer)',
    'CREATE TEMP VIEW pair_change AS SELECT 1',
    'DROP FUNCTION post_entry',
    'SET ROLE rewardbook_owner',
    'SELECT secret FROM close_secret',
    'SELECT key_hash FROM api_key',
    "SELECT post_entry(1, 1, 'k', 'revenue', '2026-10-31', '{}', NULL)",
  ])('are refused: %s', async (statement) => {
    await expect(service.unsafe(statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });

  it('have only what their service needs', async () => {
    const mayRead = async (table: string) =>
      (
        await owner<{ role: string }[]>`
          SELECT role FROM unnest(${Object.values(SERVICE_ROLES)}::text[]) AS role
          WHERE has_table_privilege(role, ${table}, 'SELECT') ORDER BY role`
      ).map(({ role }) => role);
    const mayCall = async (name: string) =>
      (
        await owner<{ role: string }[]>`
          SELECT DISTINCT role FROM unnest(${Object.values(SERVICE_ROLES)}::text[]) AS role, pg_proc p
          WHERE p.pronamespace = 'rewardbook'::regnamespace AND p.proname = ${name} AND has_function_privilege(role, p.oid, 'EXECUTE')
          ORDER BY role`
      ).map(({ role }) => role);
    const { events, ledger, reports } = SERVICE_ROLES;
    expect(await mayRead('rewardbook.payout')).toEqual([ledger, reports]);
    expect(await mayRead('rewardbook.refused_event')).toEqual([events, ledger]);
    expect(await mayRead('rewardbook.audit_log')).toEqual([ledger]);
    for (const secret of ['rewardbook.close_secret', 'rewardbook.api_key']) {
      expect(await mayRead(secret)).toEqual([]);
    }
    expect(await mayCall('close_secret_of')).toEqual([ledger]);
    expect(await mayCall('ingest_events')).toEqual([events]);
    expect(await mayCall('append_audit')).toEqual([ledger, reports]);
    expect(await mayCall('find_api_key')).toEqual([events, ledger, reports]);
    // What changes something is the ledger's, but for events and the audit log.
    const definers = await owner<{ name: string; roles: string[] }[]>`
      SELECT p.proname AS name, array_agg(role ORDER BY role) AS roles
      FROM pg_proc p, unnest(${[events, reports]}::text[]) AS role
      WHERE p.pronamespace = 'rewardbook'::regnamespace AND p.prosecdef AND p.provolatile = 'v' AND has_function_privilege(role, p.oid, 'EXECUTE')
      GROUP BY p.proname ORDER BY p.proname`;
    expect(definers).toEqual([
      { name: 'append_audit', roles: [reports] },
      { name: 'append_audit_outcome', roles: [reports] },
      { name: 'ingest_events', roles: [events] },
      { name: 'record_refused', roles: [events] },
      { name: 'reserve_batches', roles: [events] },
      { name: 'seal_batches', roles: [events] },
    ]);
  });
});

describe('the schema', () => {
  it('belongs, with all in it, to a role that can do nothing else', async () => {
    const [role] = await owner`
      SELECT rolsuper OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS powerful,
             EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid) AS "isMember"
      FROM pg_roles r WHERE rolname = ${OWNER_ROLE}`;
    expect(role).toEqual({ powerful: false, isMember: false });
    const others = await owner`
      SELECT oid::regprocedure::text AS name FROM pg_proc
      WHERE pronamespace = 'rewardbook'::regnamespace AND proowner <> ${OWNER_ROLE}::regrole
      UNION ALL
      SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'rewardbook'::regnamespace AND relowner <> ${OWNER_ROLE}::regrole
      UNION ALL
      SELECT nspname FROM pg_namespace WHERE nspname = 'rewardbook' AND nspowner <> ${OWNER_ROLE}::regrole`;
    expect(others).toEqual([]);
    const elsewhere = await owner`
      SELECT n.nspname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relowner = ${OWNER_ROLE}::regrole AND n.nspname NOT IN ('rewardbook', 'pg_toast')
      UNION ALL
      SELECT datname FROM pg_database WHERE datdba = ${OWNER_ROLE}::regrole`;
    expect(elsewhere).toEqual([]);
  });

  it('leaves nothing to PUBLIC, and what runs as the owner looks for temporary tables last', async () => {
    const open = await owner<{ name: string }[]>`
      SELECT p.proname AS name FROM pg_proc p
      WHERE p.pronamespace = 'rewardbook'::regnamespace AND (
        EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
        OR (p.prosecdef AND NOT coalesce(p.proconfig @> ARRAY['search_path=rewardbook, pg_temp'], false)))
      UNION ALL
      SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'rewardbook'::regnamespace AND a.grantee = 0
      UNION ALL
      SELECT n.nspname FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname IN ('rewardbook', 'bullmq') AND a.grantee = 0
      UNION ALL
      SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      WHERE p.pronamespace = 'bullmq'::regnamespace AND a.grantee = 0
      UNION ALL
      SELECT a.privilege_type FROM pg_database d, aclexplode(d.datacl) a
      WHERE d.datname = current_database() AND a.grantee = 0 AND a.privilege_type <> 'CONNECT'`;
    expect(open).toEqual([]);
  });
});

// A view in the schema of temporary tables shadows a table that a function looks up by name alone; what the view calls
// runs as whoever reads it. Tried here as if the right to make temporary tables had not been revoked.
describe('code of the caller', () => {
  const RAN = 'RBX01';
  let attacked: TestDatabase;
  let names: readonly string[];
  let calls: readonly { readonly name: string; readonly statement: string }[];

  beforeAll(async () => {
    attacked = await createTestDatabase();
    const admin = connect(attacked.ownerUrl, { max: 1 });
    await admin.unsafe(`GRANT TEMPORARY ON DATABASE ${attacked.name} TO PUBLIC`);
    const relations = await admin<{ name: string }[]>`
      SELECT relname AS name FROM pg_class WHERE relnamespace = 'rewardbook'::regnamespace AND relkind IN ('r', 'v')
      UNION
      SELECT (regexp_matches(prosrc, 'CREATE TEMP TABLE (\\w+)', 'g'))[1] FROM pg_proc WHERE pronamespace = 'rewardbook'::regnamespace`;
    names = relations.map(({ name }) => name);
    expect(names).toContain('pair_change');
    const composites = await compositesOf(admin);
    calls = (await callsOf(admin)).flatMap(({ name, isProcedure, types }) =>
      ['null', 'some'].map((kind) => {
        const values = types.map((type) => (kind === 'null' ? `NULL::${type}` : someOf(type, composites))).join(', ');
        return { name, statement: `${isProcedure ? 'CALL' : 'SELECT * FROM'} rewardbook.${name}(${values})` };
      }),
    );
    await admin.end();
  });
  afterAll(() => attacked.drop());

  async function attack(prepare: (sql: postgres.Sql) => Promise<void>): Promise<string[]> {
    const sql = postgres(attacked.serviceUrl, { max: 1, onnotice: () => undefined });
    const broken: string[] = [];
    try {
      await sql.unsafe(`
        CREATE FUNCTION pg_temp.grab() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
          IF current_user <> session_user THEN RAISE EXCEPTION USING ERRCODE = '${RAN}', MESSAGE = 'ran as ' || current_user; END IF;
          RETURN 'x';
        END $$`);
      await prepare(sql);
      for (const { name, statement } of calls) {
        await sql.unsafe(statement).catch((error: unknown) => {
          if (error instanceof postgres.PostgresError && error.code === RAN) {
            broken.push(`${name}: ${error.message}`);
          }
        });
      }
    } finally {
      await sql.end();
    }
    return broken;
  }

  it('runs as the owner through no function, by a temporary view named like what it looks up', async () => {
    const broken = await attack(async (sql) => {
      for (const name of names) {
        await sql.unsafe(`CREATE TEMP VIEW ${name} AS SELECT pg_temp.grab() AS viewer_id, pg_temp.grab() AS creator_id,
          pg_temp.grab()::text = 'x' AS active, length(pg_temp.grab())::bigint AS occurred_at,
          length(pg_temp.grab())::bigint AS likes, length(pg_temp.grab())::bigint AS follows;
          GRANT ALL ON pg_temp.${name} TO PUBLIC`);
      }
    });
    expect(broken).toEqual([]);
  });

  it('nor by temporary functions and operators of the names that it calls', async () => {
    const broken = await attack(async (sql) => {
      for (const { name, args } of await sql<{ name: string; args: string }[]>`
        SELECT DISTINCT ON (proname) proname AS name, pg_get_function_identity_arguments(oid) AS args FROM pg_proc
        WHERE pronamespace = 'rewardbook'::regnamespace AND prokind = 'f' AND prorettype <> 'trigger'::regtype AND NOT proretset AND proargmodes IS NULL`) {
        await sql.unsafe(
          `CREATE FUNCTION pg_temp.${name}(${args}) RETURNS text LANGUAGE sql AS 'SELECT pg_temp.grab()'`,
        );
      }
      await sql.unsafe(`CREATE FUNCTION pg_temp.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT pg_temp.grab() IS NOT NULL';
        CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.same)`);
    });
    expect(broken).toEqual([]);
  });

  it('would be seen: read from a view as the owner, it says so', async () => {
    const sql = postgres(attacked.ownerUrl, { max: 1, onnotice: () => undefined });
    await sql.unsafe(`
      CREATE FUNCTION rewardbook.careless() RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp
        AS 'BEGIN RETURN QUERY SELECT p.viewer_id FROM pair_change p; END';
      ALTER FUNCTION rewardbook.careless() OWNER TO rewardbook_owner;
      GRANT EXECUTE ON FUNCTION rewardbook.careless() TO rewardbook_ledger`);
    calls = [{ name: 'careless', statement: 'SELECT * FROM rewardbook.careless()' }];
    const broken = await attack(
      async (caller) =>
        void (await caller.unsafe(`CREATE TEMP VIEW pair_change AS SELECT pg_temp.grab() AS viewer_id;
          GRANT ALL ON pg_temp.pair_change TO PUBLIC`)),
    );
    expect(broken).toEqual(['careless: ran as rewardbook_owner']);
    await sql.unsafe('DROP FUNCTION rewardbook.careless()');
    await sql.end();
  });
});

/** Every function and procedure that one of the services may call, with the types of its arguments. */
async function callsOf(sql: Sql): Promise<{ name: string; isProcedure: boolean; types: string[] }[]> {
  const found = await sql<{ name: string; isProcedure: boolean; types: string[] }[]>`
    SELECT p.proname AS name, p.prokind = 'p' AS "isProcedure", ARRAY(
             SELECT format_type(t, NULL) FROM unnest(CASE p.prokind WHEN 'p' THEN coalesce(p.proallargtypes, p.proargtypes::oid[]) ELSE p.proargtypes::oid[] END)
             WITH ORDINALITY AS a (t, place) ORDER BY place) AS types
    FROM pg_proc p
    WHERE p.pronamespace = 'rewardbook'::regnamespace AND p.prorettype <> 'trigger'::regtype
      AND EXISTS (SELECT 1 FROM unnest(${SERVICES.map((name) => SERVICE_ROLES[name])}::text[]) AS role WHERE has_function_privilege(role, p.oid, 'EXECUTE'))
    ORDER BY p.proname`;
  expect(found.length).toBeGreaterThan(60);
  return found;
}

/** The types of the attributes of each composite type of the schema. */
async function compositesOf(sql: Sql): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await sql<{ name: string; types: string[] }[]>`
    SELECT format_type(c.reltype, NULL) AS name, ARRAY(
             SELECT format_type(a.atttypid, NULL) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 ORDER BY a.attnum) AS types
    FROM pg_class c WHERE c.relnamespace = 'rewardbook'::regnamespace AND c.relkind = 'c'`;
  expect(found.map(({ name }) => name)).toContain('fold_terms');
  return new Map(found.map(({ name, types }) => [name, types]));
}

/** An ordinary value of a type, as SQL. */
function someOf(type: string, composites: ReadonlyMap<string, readonly string[]>): string {
  if (type.endsWith('[]')) {
    return `ARRAY[${someOf(type.slice(0, -2), composites)}]`;
  }
  const attributes = composites.get(type);
  if (attributes !== undefined) {
    return `ROW(${attributes.map((attribute) => someOf(attribute, composites)).join(', ')})::${type}`;
  }
  const value: Record<string, string> = {
    integer: '1',
    bigint: '1',
    smallint: '2',
    numeric: '1',
    boolean: 'true',
    date: "'2024-10-01'",
    interval: "'1 hour'",
    jsonb: `'{"a": "b"}'`,
    bytea: "'\\x00'",
  };
  return value[type] === undefined ? `'2024-10'::${type}` : `${value[type]}::${type}`;
}
