import { randomBytes } from 'node:crypto';
import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { migrate } from '@rewardbook/db/migrate';
import { startEmbeddedPostgres } from '@rewardbook/local/embedded-postgres';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { testPolicy } from '../support/test-policy.ts';
import { applyTestPolicy } from '../support/test-program.ts';
import { startChild } from './child.ts';

const PROGRAM = 'bench';

/** A durable Postgres of our own with the schema and one program, and the ingest service in its own process. */
export interface IngestSystem {
  readonly ownerUrl: string;
  readonly serviceUrl: string;
  readonly sql: Sql;
  /** Where events are posted. */
  readonly eventsUrl: string;
  readonly headers: { readonly authorization: string };
  /** Removes all events, and leaves no work behind for what is measured next. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function startIngestSystem(environment: Record<string, string> = {}): Promise<IngestSystem> {
  const server = await startEmbeddedPostgres();
  await migrate(server.url);
  await migrateQueue(server.url);
  const sql = connect(server.url, { max: 2, statementTimeoutMs: 0 });
  const password = randomBytes(12).toString('hex');
  await sql.unsafe(`CREATE ROLE bench LOGIN PASSWORD '${password}' IN ROLE rewardbook_events, rewardbook_ledger`);
  await applyTestPolicy(sql, testPolicy({ program: PROGRAM }));
  const { key, hash } = createKey();
  await storeApiKey(sql, { name: 'bench', keyHash: hash, scopes: ['events:write'] });
  const serviceUrl = new URL(server.url);
  serviceUrl.username = 'bench';
  serviceUrl.password = password;
  const service = await startChild(new URL('./ingest-service.ts', import.meta.url), {
    DATABASE_URL: serviceUrl.href,
    ...environment,
  });
  return {
    ownerUrl: server.url,
    serviceUrl: serviceUrl.href,
    sql,
    eventsUrl: `${service.url}/v1/programs/${PROGRAM}/events`,
    headers: { authorization: `Bearer ${key}` },
    async reset() {
      await sql`TRUNCATE event, ingest_batch, refused_event`;
      await sql`CHECKPOINT`;
    },
    async stop() {
      await service.stop();
      await sql.end();
      await server.stop();
    },
  };
}
