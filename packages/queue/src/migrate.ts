import { createHash } from 'node:crypto';
import { jobSchemas } from '@rewardbook/contracts/api/jobs';
import { databaseAddress } from '@rewardbook/db/database-address';
import { sessionOptions } from '@rewardbook/db/session';
import { runMigrations } from 'bullmq';
import pg from 'pg';

/** Where BullMQ keeps its tables and functions; nothing else is in it. */
export const QUEUE_SCHEMA = 'bullmq';

/** The roles of the services that make jobs or do them. */
const USERS = 'rewardbook_events, rewardbook_ledger';

/**
 * Brings the queue's tables in Postgres up to date, and lets the services with jobs use its rows and functions,
 * but not create tables. Several callers may race. Needed where jobs are kept in Postgres; harmless elsewhere.
 *
 * @param ownerUrl a role that may create schemas; the migrations of `packages/db` have made the services' roles
 */
export async function migrateQueue(ownerUrl: string): Promise<void> {
  const { url, ssl } = databaseAddress(ownerUrl);
  const client = new pg.Client({
    connectionString: url,
    ssl,
    connectionTimeoutMillis: 10_000,
    options: sessionOptions('search_path'),
  });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
    // One statement string is one transaction. BullMQ makes the sequence of job numbers on a queue's first job, which
    // a service's role may not: so they are made here. Its tables for relays between servers are not used.
    const sequences = Object.keys(jobSchemas).map(
      (name) => `CREATE SEQUENCE IF NOT EXISTS ${QUEUE_SCHEMA}.bullmq_jid_${md5(name)};`,
    );
    await client.query(`
      SELECT pg_advisory_xact_lock(hashtext('rewardbook.migrate-queue'));
      ${sequences.join('\n')}
      REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${QUEUE_SCHEMA} FROM PUBLIC;
      GRANT USAGE ON SCHEMA ${QUEUE_SCHEMA} TO ${USERS};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO ${USERS};
      REVOKE INSERT, UPDATE, DELETE ON ${QUEUE_SCHEMA}.migration FROM ${USERS};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO ${USERS};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${QUEUE_SCHEMA} TO ${USERS};`);
  } finally {
    await client.end();
  }
}

/** BullMQ's `job_id_seq_name`. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
