import { createHash, randomBytes } from 'node:crypto';
import { findApiKey, storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { migrate } from '@rewardbook/db/migrate';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { createKey, hashKey, type Scope } from '@rewardbook/runtime/api-key';
import type { Keys } from './connection-file.ts';

/** What the services need to start. */
export interface Provisioned {
  /** Address of the database for the services' own role, which can change the books only through their functions. */
  readonly serviceUrl: string;
  readonly keys: Keys;
}

/** The one scope of each key. */
const SCOPE_OF: Readonly<Record<keyof Keys, Scope>> = {
  write: 'events:write',
  operate: 'operate',
  approve: 'approve',
  read: 'read',
};

/**
 * Makes a database ready: schema, a login role for the services with a new random password, and API keys. Safe to repeat.
 *
 * @param ownerUrl a role that may create schemas and roles
 * @param place names whom the login role belongs to: two systems on one database do not change each other's password
 * @param known keys of an earlier start; those that the database still knows are kept
 */
export async function provision(ownerUrl: string, place: string, known: Keys | undefined): Promise<Provisioned> {
  await migrate(ownerUrl);
  await migrateQueue(ownerUrl);
  const sql = connect(ownerUrl, { max: 1 });
  try {
    const role = `rewardbook_${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
    const password = randomBytes(24).toString('base64url');
    await ensureLogin(sql, role, password);
    const url = new URL(ownerUrl);
    url.username = role;
    url.password = password;
    return { serviceUrl: url.href, keys: await ensureKeys(sql, known) };
  } finally {
    await sql.end();
  }
}

async function ensureLogin(sql: Sql, role: string, password: string): Promise<void> {
  const [found] = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${role}`;
  const verb = found === undefined ? 'CREATE' : 'ALTER';
  // Roles and passwords cannot be parameters of these statements; format() quotes them.
  const [statement] = await sql<{ text: string }[]>`
    SELECT format(${`${verb} ROLE %I LOGIN PASSWORD %L`}, ${role}::text, ${password}::text) AS text`;
  await sql.unsafe(statement?.text ?? '');
  await sql.unsafe(`GRANT rewardbook_service TO ${role}`);
}

async function ensureKeys(sql: Sql, known: Keys | undefined): Promise<Keys> {
  return {
    write: await ensureKey(sql, 'write', known?.write),
    operate: await ensureKey(sql, 'operate', known?.operate),
    approve: await ensureKey(sql, 'approve', known?.approve),
    read: await ensureKey(sql, 'read', known?.read),
  };
}

async function ensureKey(sql: Sql, name: keyof Keys, known: string | undefined): Promise<string> {
  if (known !== undefined && (await findApiKey(sql, hashKey(known))) !== undefined) return known;
  const { key, hash } = createKey();
  await storeApiKey(sql, { name, keyHash: hash, scopes: [SCOPE_OF[name]] });
  return key;
}
