import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import type { Sql } from '../client.ts';

/** A version of a program's policy, without the policy. */
export interface StoredVersion {
  readonly version: number;
  /** First period under it; null: from the beginning. */
  readonly validFrom: string | null;
  readonly policyHash: string;
  readonly createdAt: Date;
}

/** A version with its policy, which was checked against its hash. */
export interface StoredPolicy extends StoredVersion {
  readonly policy: Policy;
}

/** `policy` is the canonical JSON of the policy's stored form. */
interface PolicyRow extends StoredVersion {
  readonly policy: string;
}

const versionColumns = (sql: Sql) => sql`
  version, valid_from AS "validFrom", policy_hash AS "policyHash", created_at AS "createdAt"`;

const columns = (sql: Sql) => sql`${versionColumns(sql)}, policy`;

export async function findPolicy(sql: Sql, programId: number, version: number): Promise<StoredPolicy | undefined> {
  const [row] = await sql<PolicyRow[]>`
    SELECT ${columns(sql)} FROM policy_version WHERE program_id = ${programId} AND version = ${version}`;
  return row && checkedPolicy(row);
}

/** The policy of a version that the books name. Throws where it is not there. */
export async function requirePolicy(sql: Sql, programId: number, version: number): Promise<StoredPolicy> {
  const stored = await findPolicy(sql, programId, version);
  if (stored === undefined) {
    throw new Error(`policy version ${version} of program ${programId} is missing, but the books name it`);
  }
  return stored;
}

/** The newest version of a program's policy: a program is made with its first one. */
export async function newestPolicy(sql: Sql, programId: number): Promise<StoredPolicy> {
  const [row] = await sql<PolicyRow[]>`
    SELECT ${columns(sql)} FROM policy_version WHERE program_id = ${programId} ORDER BY version DESC LIMIT 1`;
  if (row === undefined) {
    throw new Error(`program ${programId} has no policy`);
  }
  return checkedPolicy(row);
}

/** The policy that holds for a period. */
export async function findPolicyAt(sql: Sql, programId: number, period: string): Promise<StoredPolicy | undefined> {
  const [row] = await sql<PolicyRow[]>`
    SELECT ${columns(sql)} FROM policy_version WHERE program_id = ${programId} AND version = policy_at(${programId}, ${period})`;
  return row && checkedPolicy(row);
}

/** The version that holds for a period; null: at the beginning. */
export async function findPolicyVersionAt(
  sql: Sql,
  programId: number,
  period: string | null,
): Promise<StoredVersion | undefined> {
  const [row] = await sql<StoredVersion[]>`
    SELECT ${versionColumns(sql)} FROM policy_version
    WHERE program_id = ${programId} AND version = policy_at(${programId}, ${period ?? ''})`;
  return row;
}

export async function findPolicyVersion(
  sql: Sql,
  programId: number,
  version: number,
): Promise<StoredVersion | undefined> {
  const [row] = await sql<StoredVersion[]>`
    SELECT ${versionColumns(sql)} FROM policy_version WHERE program_id = ${programId} AND version = ${version}`;
  return row;
}

/** A page of versions, in order. */
export function listPolicyVersions(
  sql: Sql,
  programId: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<StoredVersion[]> {
  return sql<StoredVersion[]>`
    SELECT ${versionColumns(sql)} FROM policy_version
    WHERE program_id = ${programId} AND version > ${after} ORDER BY version LIMIT ${limit}`;
}

/** All versions with their policies, in order. */
export async function listPolicies(sql: Sql, programId: number): Promise<StoredPolicy[]> {
  const rows = await sql<PolicyRow[]>`
    SELECT ${columns(sql)} FROM policy_version WHERE program_id = ${programId} ORDER BY version`;
  return rows.map(checkedPolicy);
}

/** Throws unless what is stored is what its hash says, and the rules of this release read it to the same policy. */
function checkedPolicy({ policy: text, ...row }: PolicyRow): StoredPolicy {
  const parsed = parsePolicy(JSON.parse(text));
  if (!parsed.ok) {
    const [issue] = parsed.issues;
    throw new Error(`policy version ${row.version} is stored, but not valid: ${issue?.path} ${issue?.message}`);
  }
  const hash = policyHash(parsed.value);
  if (hash !== row.policyHash) {
    throw new Error(
      `policy version ${row.version} is not what its hash says: it comes to ${hash}, stored is ${row.policyHash}`,
    );
  }
  return { ...row, policy: parsed.value };
}
