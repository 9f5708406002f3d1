import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import type {} from './global-setup.ts'; // declares what is injected
import { type TestServer, testServerSchema } from './postgres-broker.ts';

export interface TestDatabase {
  readonly name: string;
  /** superuser */
  readonly ownerUrl: string;
  /** a login in the group role `rewardbook_service` */
  readonly serviceUrl: string;
  /** Removes the database, connections or not. */
  drop(): Promise<void>;
}

/**
 * A migrated database of one's own, copied from the run's template: about 50 ms, after a few seconds for the first of a
 * run. For `beforeAll` or a test; `drop` in `afterAll`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await findTestServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${server.template}`);
  const ownerUrl = new URL(server.adminUrl);
  ownerUrl.pathname = `/${name}`;
  const serviceUrl = new URL(ownerUrl);
  serviceUrl.username = server.serviceUser;
  serviceUrl.password = server.servicePassword;
  return {
    name,
    ownerUrl: ownerUrl.href,
    serviceUrl: serviceUrl.href,
    drop: () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function findTestServer(): Promise<TestServer> {
  const response = await fetch(inject('postgresBroker'));
  if (!response.ok) throw new Error(`The tests' Postgres did not start: ${await response.text()}`);
  return testServerSchema.parse(await response.json());
}

async function administer(server: TestServer, statement: string): Promise<void> {
  const sql = postgres(server.adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
