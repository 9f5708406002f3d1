import { canonicalName } from '@rewardbook/domain/values/canonical-name';
import { connect, type Sql } from './client.ts';
import { asRefusal } from './errors.ts';

export interface StoredApiKey {
  readonly keyId: number;
  /** SHA-256 of the key, in hex: what the books know by whom something is done. */
  readonly keyHash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Slugs of the programs that it is for; null: all. */
  readonly programs: readonly string[] | null;
  readonly expiresAt: Date | undefined;
}

const LOOK_UP_MS = 5_000;

/**
 * Connections only for looking keys up: callers are still identified when a service's other connections are all busy.
 * To be ended with the service.
 */
export function connectForKeys(databaseUrl: string): Sql {
  return connect(databaseUrl, { max: 2, applicationName: 'rewardbook-keys', statementTimeoutMs: LOOK_UP_MS });
}

/** The key with this SHA-256, unless it is revoked. The caller checks by its own clock whether it has expired. */
export async function findApiKey(sql: Sql, keyHash: Uint8Array): Promise<StoredApiKey | undefined> {
  // As a number: a pool under drizzle reads timestamps as text.
  const [row] = await sql<(Omit<StoredApiKey, 'keyHash' | 'expiresAt'> & { expiresAt: number | null })[]>`
    SELECT key_id::float8 AS "keyId", name, scopes, programs, (extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAt"
    FROM find_api_key(${keyHash})`;
  const expiresAt = row?.expiresAt == null ? undefined : new Date(row.expiresAt);
  return row && { ...row, keyHash: Buffer.from(keyHash).toString('hex'), expiresAt };
}

/** A key that the owner's connection stores: services cannot make keys for themselves. */
export interface OwnersApiKey {
  readonly name: string;
  readonly keyHash: Uint8Array;
  readonly scopes: readonly string[];
  /** Slugs of the programs that it is for; left out: all. */
  readonly programs?: readonly string[];
  readonly expiresAt?: Date;
}

/** Stores a key by its SHA-256. One that is already known is left unchanged. */
export async function storeApiKey(ownerSql: Sql, key: OwnersApiKey): Promise<void> {
  await ownerSql`
    INSERT INTO api_key (name, key_hash, scopes, programs, expires_at)
    VALUES (${canonicalName(key.name)}, ${key.keyHash}, ${[...key.scopes]}, ${key.programs ? [...key.programs] : null},
            ${key.expiresAt ?? null})
    ON CONFLICT (key_hash) DO NOTHING`;
}

/** Stores a key and revokes those that have its name. One that is already known is left unchanged, and revokes none. */
export async function replaceApiKey(ownerSql: Sql, key: OwnersApiKey): Promise<void> {
  await ownerSql`
    WITH stored AS (
      INSERT INTO api_key (name, key_hash, scopes, programs, expires_at)
      VALUES (${canonicalName(key.name)}, ${key.keyHash}, ${[...key.scopes]}, ${key.programs ? [...key.programs] : null},
              ${key.expiresAt ?? null})
      ON CONFLICT (key_hash) DO NOTHING RETURNING key_id, name
    )
    UPDATE api_key k SET revoked_at = clock_timestamp() FROM stored s WHERE k.name = s.name AND k.revoked_at IS NULL AND k.key_id <> s.key_id`;
}

/** A key as people see it: without its secret, which only its holder knows. */
export interface ListedApiKey {
  readonly keyId: number;
  readonly name: string;
  readonly scopes: string[];
  /** Slugs of the programs that it is for; null: all. */
  readonly programs: string[] | null;
  readonly createdAt: Date;
  /** Name of the key that made it; null for one of the owner's. */
  readonly createdBy: string | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

export interface CreateApiKeyCall {
  /** SHA-256 of the key that asks, in hex. */
  readonly caller: string;
  readonly name: string;
  readonly keyHash: Uint8Array;
  readonly scopes: readonly string[];
  readonly programs: readonly string[] | null;
  readonly expiresAt: Date | null;
}

/**
 * Makes a key on behalf of another one, and gives its keyId.
 *
 * @throws BooksRefused `key-not-manager`, `scope-not-yours`, `programs-not-yours`, `program-unknown`, `key-name-taken`
 */
export async function createApiKey(sql: Sql, call: CreateApiKeyCall): Promise<number> {
  const [row] = await sql<{ keyId: number }[]>`
    SELECT key_id::float8 AS "keyId"
    FROM create_api_key(decode(${call.caller}, 'hex'), ${call.name}, ${call.keyHash}, ${[...call.scopes]},
                        ${call.programs === null ? null : [...call.programs]}::text[], ${call.expiresAt})
  `.catch(asRefusal);
  if (row === undefined) {
    throw new Error('create_api_key gave no row');
  }
  return row.keyId;
}

/**
 * Revokes a key permanently, on behalf of the key whose SHA-256 in hex is `caller`; a revoked one is left unchanged.
 *
 * @throws BooksRefused `key-not-manager`, `key-unknown`
 */
export async function revokeApiKey(sql: Sql, caller: string, keyId: number): Promise<void> {
  await sql`SELECT revoke_api_key(decode(${caller}, 'hex'), ${keyId}::bigint)`.catch(asRefusal);
}

/** Which keys are listed: `of`, if not null, are the programs that they must not be for others than. */
export interface ApiKeyQuery {
  readonly only?: number;
  readonly of: readonly string[] | null;
  readonly after: number;
  readonly limit: number;
}

/** Keys by keyId, revoked and expired ones too. */
export function listApiKeys(sql: Sql, { only, of, after, limit }: ApiKeyQuery): Promise<ListedApiKey[]> {
  return sql<ListedApiKey[]>`
    SELECT key_id::float8 AS "keyId", name, scopes, programs, created_at AS "createdAt", created_by AS "createdBy", expires_at AS "expiresAt",
           revoked_at AS "revokedAt", revoked_by AS "revokedBy"
    FROM api_key WHERE key_id > ${after}::bigint AND (${only ?? null}::bigint IS NULL OR key_id = ${only ?? null}::bigint)
      AND (${of === null ? null : [...of]}::text[] IS NULL OR programs <@ ${of === null ? null : [...of]}::text[])
    ORDER BY key_id LIMIT ${limit}`;
}
