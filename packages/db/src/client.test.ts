import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { connect } from './client.ts';
import { migrate } from './migrate.ts';
import { SESSION, sessionOptions } from './session.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What a database may be set to that changes what is read. */
const FOREIGN: Readonly<Record<string, string>> = {
  DateStyle: 'German',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Africa/Monrovia', // 44 minutes and 30 seconds behind in 1970, which no reader of timestamps expects
  extra_float_digits: '-15',
  bytea_output: 'escape',
  search_path: 'public',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  transform_null_equals: 'on',
  default_transaction_isolation: 'serializable',
  default_transaction_read_only: 'on',
  client_connection_check_interval: '0',
};

describe('a database with other settings', () => {
  beforeAll(async () => {
    const owner = connect(database.ownerUrl, { max: 1 });
    for (const [name, value] of Object.entries(FOREIGN)) {
      await owner.unsafe(`ALTER DATABASE ${database.name} SET ${name} = '${value}'`);
    }
    await owner.end();
  });

  it('is read as any other', async () => {
    const sql = connect(database.serviceUrl, { max: 1 });
    const [row] = await sql`
      SELECT '2024-01-05'::date::text AS day, '1970-01-01T00:00:00Z'::timestamptz AS at, '1 day 2 hours'::interval::text AS span,
             1234567890123457::float8 AS float, '\\x00ff'::bytea AS bytes, (SELECT count(*)::integer FROM program) AS programs,
             ('{NULL}'::text[])[1] IS NULL AS "isNull", current_setting('transaction_isolation') AS isolation,
             current_setting('transaction_read_only') AS "readOnly"`;
    await sql.end();
    expect(row).toEqual({
      day: '2024-01-05',
      at: new Date(0),
      span: '1 day 02:00:00',
      float: 1234567890123457,
      bytes: Buffer.from([0, 255]),
      programs: 0,
      isNull: true,
      isolation: 'read committed',
      readOnly: 'off',
    });
  });

  it('has every setting named that is set there, for both clients', () => {
    expect(Object.keys(FOREIGN).sort()).toEqual(Object.keys(SESSION).sort());
    for (const name of Object.keys(FOREIGN)) {
      expect(sessionOptions()).toContain(`-c ${name}=`);
    }
    expect(sessionOptions('search_path')).not.toContain('search_path');
  });

  it('runs the migrations with the same effect', async () => {
    const owner = connect(database.ownerUrl, { max: 1 });
    const definitions = () => owner<{ text: string }[]>`
      SELECT pg_get_functiondef(oid) AS text FROM pg_proc WHERE pronamespace = 'rewardbook'::regnamespace AND prokind = 'f' ORDER BY oid::regprocedure::text`;
    const before = await definitions();
    await owner`DROP SCHEMA rewardbook CASCADE`;
    await migrate(database.ownerUrl);
    expect([...(await definitions())]).toEqual([...before]);
    await owner.end();
  });
});

it('replaces connections for their age, but not one that holds something from statement to statement', () => {
  expect(connect(database.serviceUrl, { max: 1 }).options.max_lifetime).not.toBeNull();
  expect(connect(database.serviceUrl, { max: 1, lasting: true }).options.max_lifetime).toBeNull();
});
