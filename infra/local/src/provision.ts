import { createHash, randomBytes } from 'node:crypto';
import { replaceApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { migrate } from '@rewardbook/db/migrate';
import { SERVICE_ROLES, type ServiceName } from '@rewardbook/db/roles';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { createKey, hashKey, SCOPES, type Scope } from '@rewardbook/runtime/access/api-key';
import postgres from 'postgres';
import { type Keys, keysSchema } from './connection-file.ts';

// invalid_authorization_specification, invalid_password
const NO_LOGIN = new Set(['28000', '28P01']);

/** A login role of a service. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

export type Logins = Readonly<Record<ServiceName, Login>>;
/** Addresses of the database, each with the login of a service. */
export type ServiceUrls = Readonly<Record<ServiceName, string>>;

/** The scopes of each key. */
const SCOPES_OF: Readonly<Record<keyof Keys, readonly Scope[]>> = {
  write: ['events:write'],
  operate: ['operate'],
  approve: ['approve'],
  read: ['read'],
  payments: ['read:payments'],
  admin: SCOPES,
};

/**
 * Makes a database ready: schema, queue, a login for each service in the role of that service. Safe to repeat.
 *
 * @param ownerUrl the database's owner, who may make roles, or is a member of those that were made beforehand
 * @returns addresses of the database for the services' logins, which can change the books only through the functions that they need
 */
export async function provision(ownerUrl: string, logins: Logins): Promise<ServiceUrls> {
  await migrate(ownerUrl);
  await migrateQueue(ownerUrl);
  const sql = connect(ownerUrl, { max: 1 });
  try {
    const ready = async (service: ServiceName): Promise<string> => {
      const url = urlOf(ownerUrl, logins[service]);
      if (!(await isReady(url, service))) {
        await ensureLogin(sql, logins[service], service);
      }
      return url;
    };
    return { events: await ready('events'), ledger: await ready('ledger'), reports: await ready('reports') };
  } finally {
    await sql.end();
  }
}

/** Logins with new random passwords. @param place two systems on one server do not change each other's passwords */
export function loginsOf(place: string): Logins {
  const prefix = `rewardbook_${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
  const login = (service: ServiceName): Login => ({
    user: `${prefix}_${service}`,
    password: randomBytes(24).toString('base64url'),
  });
  return { events: login('events'), ledger: login('ledger'), reports: login('reports') };
}

/**
 * Stores API keys, each with its scopes, replacing earlier ones of the same names. A key that is already stored is left
 * unchanged.
 */
export async function storeKeys(ownerUrl: string, keys: Keys): Promise<void> {
  const sql = connect(ownerUrl, { max: 1 });
  try {
    for (const name of ['write', 'operate', 'approve', 'read', 'payments', 'admin'] as const) {
      const key = keys[name];
      if (key !== undefined) {
        await replaceApiKey(sql, { name, keyHash: hashKey(key), scopes: SCOPES_OF[name] });
      }
    }
  } finally {
    await sql.end();
  }
}

/** New keys for people, by their names; earlier keys of the same names stop working. */
export async function makePeople(
  ownerUrl: string,
  people: readonly { readonly name: string; readonly scopes: readonly Scope[] }[],
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  const sql = connect(ownerUrl, { max: 1 });
  try {
    for (const { name, scopes } of people) {
      const { key, hash } = createKey();
      await replaceApiKey(sql, { name, keyHash: hash, scopes });
      keys.set(name, key);
    }
  } finally {
    await sql.end();
  }
  return keys;
}

/** New random keys. */
export function newKeys(): Keys {
  const [write, operate, approve, read, payments, admin] = Array.from({ length: 6 }, () => createKey().key);
  return keysSchema.parse({ write, operate, approve, read, payments, admin });
}

function urlOf(ownerUrl: string, { user, password }: Login): string {
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return url.href;
}

/**
 * Whether the login works and has its service's role: if it was made beforehand, the owner need not be able to create
 * roles.
 */
async function isReady(url: string, service: ServiceName): Promise<boolean> {
  const sql = connect(url, { max: 1 });
  try {
    const [row] = await sql<{ has: boolean }[]>`SELECT pg_has_role(${SERVICE_ROLES[service]}, 'USAGE') AS has`;
    return row?.has === true;
  } catch (error) {
    if (error instanceof postgres.PostgresError && NO_LOGIN.has(error.code)) {
      return false;
    }
    throw error;
  } finally {
    await sql.end();
  }
}

async function ensureLogin(sql: Sql, { user, password }: Login, service: ServiceName): Promise<void> {
  const [found] = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${user}`;
  // Roles and passwords cannot be parameters of these statements; format() quotes them.
  const [statement] = await sql<{ text: string }[]>`
    SELECT format(${`${found === undefined ? 'CREATE' : 'ALTER'} ROLE %1$I LOGIN PASSWORD %2$L; GRANT %3$I TO %1$I`},
                  ${user}::text, ${password}::text, ${SERVICE_ROLES[service]}::text) AS text`;
  await sql.unsafe(statement?.text ?? '');
}
