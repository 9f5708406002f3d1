import type { Sql } from './client.ts';

export interface StoredApiKey {
  readonly keyId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | undefined;
}

/** The key with this SHA-256, unless it is revoked. Whether it has expired is the caller's to judge by its clock. */
export async function findApiKey(sql: Sql, keyHash: Uint8Array): Promise<StoredApiKey | undefined> {
  const [row] = await sql<{ keyId: number; name: string; scopes: string[]; expiresAt: Date | null }[]>`
    SELECT key_id::integer AS "keyId", name, scopes, expires_at AS "expiresAt"
    FROM api_key WHERE key_hash = ${keyHash} AND revoked_at IS NULL`;
  return row && { ...row, expiresAt: row.expiresAt ?? undefined };
}

/** Stores a key by its SHA-256. Needs the owner's connection: services cannot make keys for themselves. */
export async function storeApiKey(
  ownerSql: Sql,
  key: {
    readonly name: string;
    readonly keyHash: Uint8Array;
    readonly scopes: readonly string[];
    readonly expiresAt?: Date;
  },
): Promise<void> {
  await ownerSql`
    INSERT INTO api_key (name, key_hash, scopes, expires_at)
    VALUES (${key.name}, ${key.keyHash}, ${[...key.scopes]}, ${key.expiresAt ?? null})
    ON CONFLICT (key_hash) DO NOTHING`;
}
