import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { migrate } from '@rewardbook/db/migrate';
import { SERVICE_ROLES } from '@rewardbook/db/roles';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rewardbook/local/embedded-postgres';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { SCOPES } from '@rewardbook/runtime/access/api-key';
import postgres from 'postgres';
import { z } from 'zod';
import { actorOf, PEOPLE } from './people.ts';

/** What a test file needs to make its own databases. */
export const testServerSchema = z.object({
  /** superuser, on the database `postgres` */
  adminUrl: z.string(),
  /** a migrated database that nobody connects to */
  template: z.string(),
  /** of a login in all services' roles, and of one in each of them */
  logins: z.object({ all: z.string(), events: z.string(), ledger: z.string(), reports: z.string() }),
  servicePassword: z.string(),
});
export type TestServer = z.infer<typeof testServerSchema>;

export interface PostgresBroker {
  /** answers with a TestServer as JSON; the first request starts it */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts one Postgres for the whole run, when the first test file asks for it: a run of unit tests alone starts none.
 * Test files run in their own processes, hence HTTP.
 */
export async function startPostgresBroker(): Promise<PostgresBroker> {
  const path = `/${randomBytes(16).toString('hex')}`;
  let server: EmbeddedPostgres | undefined;
  let ready: Promise<TestServer> | undefined;
  const prepare = async (): Promise<TestServer> => {
    server = await startEmbeddedPostgres({ durable: false });
    return prepareTemplate(server.url);
  };
  const http = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    ready ??= prepare();
    ready.then(
      (testServer) => response.end(JSON.stringify(testServer)),
      (error: unknown) =>
        response.writeHead(500).end(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no port');
  }
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    close: async () => {
      http.close();
      http.closeAllConnections();
      await ready?.catch(() => undefined);
      await server?.stop();
    },
  };
}

async function prepareTemplate(adminUrl: string): Promise<TestServer> {
  const testServer: TestServer = {
    adminUrl,
    template: 'rewardbook_template',
    logins: {
      all: 'rewardbook_test_service',
      events: 'rewardbook_test_events',
      ledger: 'rewardbook_test_ledger',
      reports: 'rewardbook_test_reports',
    },
    servicePassword: randomBytes(16).toString('hex'),
  };
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(`CREATE DATABASE ${testServer.template}`);
    const templateUrl = new URL(adminUrl);
    templateUrl.pathname = `/${testServer.template}`;
    await migrate(templateUrl.href);
    await migrateQueue(templateUrl.href);
    const template = postgres(templateUrl.href, { max: 1 });
    for (const name of PEOPLE) {
      await template`INSERT INTO rewardbook.api_key (name, key_hash, scopes) VALUES (${name}, decode(${actorOf(name)}, 'hex'), ${[...SCOPES]})`;
    }
    await template.end();
    const { events, ledger, reports } = SERVICE_ROLES;
    const roles = { all: [events, ledger, reports].join(', '), events, ledger, reports };
    for (const name of ['all', 'events', 'ledger', 'reports'] as const) {
      await sql.unsafe(
        `CREATE ROLE ${testServer.logins[name]} LOGIN PASSWORD '${testServer.servicePassword}' IN ROLE ${roles[name]}`,
      );
    }
  } finally {
    await sql.end();
  }
  return testServer;
}
