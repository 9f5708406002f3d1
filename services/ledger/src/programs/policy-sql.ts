import type { Sql } from '@rewardbook/db/client';

/** A stored version of a policy; `policy` is the canonical JSON of its stored form. */
export interface StoredPolicy {
  readonly version: number;
  readonly validFrom: string | null;
  readonly policy: string;
  readonly policyHash: string;
  readonly createdAt: Date;
}

export async function findPolicy(sql: Sql, programId: number, version: number): Promise<StoredPolicy | undefined> {
  const [row] = await sql<StoredPolicy[]>`
    SELECT version, valid_from AS "validFrom", policy, policy_hash AS "policyHash", created_at AS "createdAt"
    FROM policy_version WHERE program_id = ${programId} AND version = ${version}`;
  return row;
}

/** The version that holds for a period; null: at the beginning. */
export async function findPolicyAt(
  sql: Sql,
  programId: number,
  period: string | null,
): Promise<StoredPolicy | undefined> {
  const [row] = await sql<StoredPolicy[]>`
    SELECT version, valid_from AS "validFrom", policy, policy_hash AS "policyHash", created_at AS "createdAt"
    FROM policy_version WHERE program_id = ${programId} AND version = policy_at(${programId}, ${period ?? ''})`;
  return row;
}

/** Versions in order. */
export function listPolicies(sql: Sql, programId: number, after: number, limit: number): Promise<StoredPolicy[]> {
  return sql<StoredPolicy[]>`
    SELECT version, valid_from AS "validFrom", policy, policy_hash AS "policyHash", created_at AS "createdAt"
    FROM policy_version WHERE program_id = ${programId} AND version > ${after} ORDER BY version LIMIT ${limit}`;
}
