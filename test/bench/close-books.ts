import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { migrate } from '@rewardbook/db/migrate';
import type { AllocationMethodName, Policy } from '@rewardbook/domain/policy/policy';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { hashKey } from '@rewardbook/runtime/access/api-key';
import { testPolicy } from '../support/test-policy.ts';
import { applyTestPolicy } from '../support/test-program.ts';

/** A program with a month of events, ready to be closed. */
export interface CloseCase {
  readonly events: number;
  readonly creators: number;
  readonly method: AllocationMethodName;
  readonly runs: number;
}

export const PROGRAM = 'bench';
export const PERIOD = '2024-10';
const START = Date.UTC(2024, 9, 1);
const END = Date.UTC(2024, 10, 1);
const SERVICE = 'bench_service';
const SERVICE_PASSWORD = 'bench';

const POLICY = testPolicy({ program: PROGRAM, name: 'Bench', timeZone: 'UTC' });

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** The address for a login of the ledger and of payout-reports. */
export function serviceUrl(ownerUrl: string): string {
  const changed = new URL(ownerUrl);
  changed.username = SERVICE;
  changed.password = SERVICE_PASSWORD;
  return changed.href;
}

/**
 * Makes a database with the case's program. Every creator has events, the rest of them go to a heavy tail; each twelfth event
 * takes the one before it back. Events go in by `ingest_events`, in batches of 10,000.
 */
export async function prepareBooks(
  adminUrl: string,
  name: string,
  key: string,
  { events, creators, method }: CloseCase,
): Promise<void> {
  const policy: Policy = { ...POLICY, allocation: { method } };
  const admin = connect(adminUrl, { max: 1 });
  await admin.unsafe(`CREATE DATABASE ${name}`);
  await admin.end();
  const ownerUrl = withDatabase(adminUrl, name);
  await migrate(ownerUrl);
  await migrateQueue(ownerUrl);
  const sql = connect(ownerUrl, { max: 1, statementTimeoutMs: 3_600_000 });
  await sql.unsafe(`
    DO $$ BEGIN CREATE ROLE ${SERVICE} LOGIN PASSWORD '${SERVICE_PASSWORD}' IN ROLE rewardbook_ledger, rewardbook_reports;
    EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
  await storeApiKey(sql, { name: 'bench', keyHash: hashKey(key), scopes: ['operate', 'read', 'read:payments'] });
  await applyTestPolicy(sql, policy);
  await sql`
    INSERT INTO creator (program_id, creator_id, version, country, joined_on, followers)
    SELECT 1, 'c' || lpad(g::text, 9, '0'), 1, 'ID', '2024-01-01', 10 FROM generate_series(0, ${creators}::integer - 1) AS g`;
  await sql`UPDATE program_head SET creators_version = 1`;
  await addEvents(sql, events, creators);
  await sql.unsafe('VACUUM ANALYZE');
  await sql.end();
}

async function addEvents(sql: Sql, events: number, creators: number): Promise<void> {
  await sql.unsafe(`
    CREATE FUNCTION pg_temp.part(what text, number bigint, modulus bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
      AS $$ SELECT (hashtextextended(what, number) & 9223372036854775807) % modulus $$;
    CREATE PROCEDURE pg_temp.add_events() LANGUAGE plpgsql AS $$
    DECLARE piece bigint; batch bigint;
    BEGIN
      FOR piece IN 0 .. ${events} / 10000 - 1 LOOP
        SELECT r.batch_id INTO batch FROM (
          SELECT array_agg('01J' || lpad(g::text, 12, '0') || substr(md5(g::text), 1, 8)) AS ids, array_agg('app'::text) AS sources,
                 array_agg('v' || lpad(pg_temp.part('viewer', kept, 300000)::text, 9, '0')) AS viewers,
                 array_agg('c' || lpad(CASE WHEN kept < ${creators} THEN kept * 7919::bigint % ${creators}
                   ELSE floor(${creators} * power(pg_temp.part('creator', kept, 1000000) / 1000000.0, 3))::bigint END::text, 9, '0')) AS creators,
                 array_agg(CASE WHEN kept % 10 = 0 THEN '' ELSE 'k' || pg_temp.part('content', kept, 20) END) AS contents,
                 array_agg(kept = g) AS actives,
                 array_agg(${START} + (${END - START}::float8 * g / ${events})::bigint) AS times
          FROM (SELECT g, g - (g % 12 = 11)::integer AS kept FROM generate_series(piece * 10000, piece * 10000 + 9999) AS g) AS numbers
        ) AS columns, rewardbook.ingest_events(1, ids, sources, viewers, creators, contents, actives, times) AS r;
        PERFORM rewardbook.seal_batches(ARRAY[batch]);
        COMMIT;
      END LOOP;
    END $$`);
  // A separate statement: it commits batch by batch.
  await sql.unsafe('CALL pg_temp.add_events()');
  await sql`UPDATE ingest_batch SET tallied_at = now()`;
}
