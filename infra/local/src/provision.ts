import { createHash, randomBytes } from 'node:crypto';
import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { migrate } from '@rewardbook/db/migrate';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { createKey, hashKey, SCOPES, type Scope } from '@rewardbook/runtime/api-key';
import { type Keys, keysSchema } from './connection-file.ts';

/** A login role of the services. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The scopes of each key. */
const SCOPES_OF: Readonly<Record<keyof Keys, readonly Scope[]>> = {
  write: ['events:write'],
  operate: ['operate'],
  approve: ['approve'],
  read: ['read'],
  admin: SCOPES,
};

/**
 * Makes a database ready: schema, queue, a login role for the services, API keys. Safe to repeat.
 *
 * @param ownerUrl a role that may create schemas and roles
 * @returns address of the database for the services' own role, which can change the books only through their functions
 */
export async function provision(ownerUrl: string, login: Login): Promise<string> {
  await migrate(ownerUrl);
  await migrateQueue(ownerUrl);
  const sql = connect(ownerUrl, { max: 1 });
  try {
    await ensureLogin(sql, login);
  } finally {
    await sql.end();
  }
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(login.user);
  url.password = encodeURIComponent(login.password);
  return url.href;
}

/** A login with a new random password. @param place two systems on one database do not change each other's password */
export function loginOf(place: string): Login {
  return {
    user: `rewardbook_${createHash('sha256').update(place).digest('hex').slice(0, 12)}`,
    password: randomBytes(24).toString('base64url'),
  };
}

/** Stores API keys, each with its scopes. A key that is known already stays as it is. */
export async function storeKeys(ownerUrl: string, keys: Keys): Promise<void> {
  const sql = connect(ownerUrl, { max: 1 });
  try {
    for (const name of ['write', 'operate', 'approve', 'read', 'admin'] as const) {
      const key = keys[name];
      if (key !== undefined) await storeApiKey(sql, { name, keyHash: hashKey(key), scopes: SCOPES_OF[name] });
    }
  } finally {
    await sql.end();
  }
}

/** Keys that nobody knows yet. */
export function newKeys(): Keys {
  const [write, operate, approve, read, admin] = Array.from({ length: 5 }, () => createKey().key);
  return keysSchema.parse({ write, operate, approve, read, admin });
}

async function ensureLogin(sql: Sql, { user, password }: Login): Promise<void> {
  const [found] = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${user}`;
  // Roles and passwords cannot be parameters of these statements; format() quotes them.
  const [statement] = await sql<{ text: string }[]>`
    SELECT format(${`${found === undefined ? 'CREATE' : 'ALTER'} ROLE %1$I LOGIN PASSWORD %2$L; GRANT rewardbook_service TO %1$I`},
                  ${user}::text, ${password}::text) AS text`;
  await sql.unsafe(statement?.text ?? '');
}
