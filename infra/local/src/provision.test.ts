import { DatabaseUnfit } from '@rewardbook/db/errors';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { loginsOf, newKeys, provision, storeKeys } from './provision.ts';

// Provisioning without a superuser, on a separate server: on that of the other tests the roles exist already.

let server: EmbeddedPostgres;

beforeAll(async () => {
  server = await startEmbeddedPostgres({ durable: false });
}, 60_000);
afterAll(() => server?.stop());

async function query<Row extends object>(url: string, statement: string): Promise<readonly Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await sql.unsafe<Row[]>(statement);
  } finally {
    await sql.end();
  }
}

/** A database and the role that owns it. */
async function databaseOf(role: string, attributes = ''): Promise<string> {
  await query(server.url, `CREATE ROLE ${role} LOGIN PASSWORD 'secret of ${role}' ${attributes}`);
  await query(server.url, `CREATE DATABASE ${role} OWNER ${role}`);
  const url = new URL(server.url);
  url.username = role;
  url.password = encodeURIComponent(`secret of ${role}`);
  url.pathname = `/${role}`;
  return url.href;
}

async function expectProvisioned(urls: Readonly<Record<'events' | 'ledger' | 'reports', string>>): Promise<void> {
  for (const url of Object.values(urls)) {
    expect(await query(url, 'SELECT 1 FROM rewardbook.program')).toEqual([]);
    await expect(query(url, 'CREATE TEMP TABLE mine (n integer)')).rejects.toMatchObject({ code: '42501' });
    const powers = await query(
      url,
      `SELECT rolsuper OR rolcreaterole AS powerful FROM pg_roles WHERE rolname = current_user`,
    );
    expect(powers).toEqual([{ powerful: false }]);
  }
  const owners = await query(
    urls.ledger,
    `
    SELECT DISTINCT pg_get_userbyid(proowner) AS owner FROM pg_proc WHERE pronamespace = 'rewardbook'::regnamespace`,
  );
  expect(owners).toEqual([{ owner: 'rewardbook_owner' }]);
  await expect(query(urls.events, 'SELECT 1 FROM rewardbook.payout')).rejects.toMatchObject({ code: '42501' });
}

describe('provisioning by a role that is not a superuser', () => {
  it('works repeatedly if it may create roles, and stores keys', async () => {
    const url = await databaseOf('maker', 'CREATEROLE');
    const logins = loginsOf('a deployment');
    await expectProvisioned(await provision(url, logins));
    await expectProvisioned(
      await provision(url, { ...logins, events: { ...logins.events, password: 'another one, and longer' } }),
    );
    const keys = newKeys();
    await storeKeys(url, keys);
    const stored = await query(url, 'SELECT count(*)::integer AS n FROM rewardbook.api_key');
    expect(stored).toEqual([{ n: Object.keys(keys).length }]);
  }, 60_000);

  it('says what to do if it may not, and works with roles and logins that were made beforehand', async () => {
    const url = await databaseOf('modest');
    const logins = loginsOf('another deployment');
    const refused = provision(url, logins);
    await expect(refused).rejects.toThrow(DatabaseUnfit);
    await expect(refused).rejects.toThrow('Roles made beforehand');
    await query(server.url, 'GRANT rewardbook_owner TO modest');
    for (const [service, { user, password }] of Object.entries(logins)) {
      await query(server.url, `CREATE ROLE ${user} LOGIN PASSWORD '${password}' IN ROLE rewardbook_${service}`);
    }
    await expectProvisioned(await provision(url, logins));
  }, 60_000);

  it('says what to do if it may not keep others from making temporary tables', async () => {
    const url = await databaseOf('tenant');
    await query(
      server.url,
      'ALTER DATABASE tenant OWNER TO postgres; GRANT CREATE ON DATABASE tenant TO tenant; GRANT rewardbook_owner TO tenant',
    );
    await expect(provision(url, loginsOf('a tenant'))).rejects.toThrow(
      /Let its owner run: REVOKE TEMPORARY, CREATE ON DATABASE tenant FROM PUBLIC/,
    );
  }, 60_000);

  it('refuses an owner of the schema that could do more', async () => {
    await query(server.url, 'GRANT pg_execute_server_program TO rewardbook_owner');
    const url = await databaseOf('careless', 'CREATEROLE');
    await query(server.url, 'GRANT rewardbook_owner TO careless');
    await expect(provision(url, loginsOf('careless'))).rejects.toThrow('must be able to do nothing else');
    await query(server.url, 'REVOKE pg_execute_server_program FROM rewardbook_owner');
  }, 60_000);
});
