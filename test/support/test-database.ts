import { randomBytes } from 'node:crypto';
import { restrictTemporaryTables, type ServiceName } from '@rewardbook/db/roles';
import postgres from 'postgres';
import { inject } from 'vitest';
import type {} from './global-setup.ts'; // declares what is injected
import { type TestServer, testServerSchema } from './postgres-broker.ts';

export interface TestDatabase {
  readonly name: string;
  /** superuser */
  readonly ownerUrl: string;
  /** a login in the roles of all services, for tests of stores that go from the event to the payout */
  readonly serviceUrl: string;
  /** a login in the role of one service, as it has it */
  readonly serviceUrls: Readonly<Record<ServiceName, string>>;
  /** Removes the database, connections or not. */
  drop(): Promise<void>;
}

/**
 * A migrated database of one's own, copied from the run's template: about 50 ms, after a few seconds for the first of a
 * run. For `beforeAll` or a test; `drop` in `afterAll`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabaseAt(inject('postgresBroker'));
}

/** The same outside of a test: on the server that a broker starts, by its URL. */
export async function createDatabaseAt(brokerUrl: string): Promise<TestDatabase> {
  const server = await findTestServer(brokerUrl);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${server.template}`);
  await withAdmin(server, (sql) => restrictTemporaryTables(sql, name)); // the one thing that a copy does not have
  const ownerUrl = new URL(server.adminUrl);
  ownerUrl.pathname = `/${name}`;
  const urlOf = (login: string): string => {
    const url = new URL(ownerUrl);
    url.username = login;
    url.password = server.servicePassword;
    return url.href;
  };
  const { all, events, ledger, reports } = server.logins;
  return {
    name,
    ownerUrl: ownerUrl.href,
    serviceUrl: urlOf(all),
    serviceUrls: { events: urlOf(events), ledger: urlOf(ledger), reports: urlOf(reports) },
    drop: () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function findTestServer(brokerUrl: string): Promise<TestServer> {
  const response = await fetch(brokerUrl);
  if (!response.ok) {
    throw new Error(`The tests' Postgres did not start: ${await response.text()}`);
  }
  return testServerSchema.parse(await response.json());
}

function administer(server: TestServer, statement: string): Promise<void> {
  return withAdmin(server, async (sql) => void (await sql.unsafe(statement)));
}

async function withAdmin(server: TestServer, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(server.adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
