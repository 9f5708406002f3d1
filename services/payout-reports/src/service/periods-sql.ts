import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { Sql } from '@rewardbook/db/client';
import type { Policy } from '@rewardbook/domain/policy/policy';

/** A close, begun or done; money in major units, null until it is done. */
export interface ClosePeriod {
  readonly period: string;
  readonly closeNo: number;
  readonly status: 'closing' | 'closed';
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly policyVersion: number;
  readonly policy: Policy;
  readonly creatorsVersion: number;
  readonly revenueEntries: string;
  readonly revenueCarriedIn: string;
  readonly revenueCarriedOut: string | null;
  readonly rolledOver: string;
  readonly funded: string | null;
  readonly pool: string | null;
  readonly allocated: string | null;
  readonly undistributed: string | null;
  readonly resultHash: string | null;
  readonly entryKey: string | null;
  /** Of its entry in the journal. */
  readonly entrySeq: bigint | null;
  readonly excluded: string | null;
  readonly metrics: string | null;
}

type Row = Omit<ClosePeriod, 'policy'> & { policy: string };

/** All closes of a program, in order. */
export async function listCloses(sql: Sql, programId: number): Promise<ClosePeriod[]> {
  const rows = await sql<Row[]>`
    SELECT c.period, c.close_no AS "closeNo", c.status, c.starts_at::float8 AS "start", c.ends_at::float8 AS "end",
           c.policy_version AS "policyVersion", v.policy, c.creators_version AS "creatorsVersion", c.revenue_entries AS "revenueEntries", c.revenue_carried_in AS "revenueCarriedIn",
           c.revenue_carried_out AS "revenueCarriedOut", c.rolled_over AS "rolledOver", c.funded, c.pool, c.allocated,
           c.undistributed, c.result_hash AS "resultHash", c.entry_key AS "entryKey", e.seq AS "entrySeq", c.excluded, c.metrics
    FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
    LEFT JOIN journal_entry e ON e.program_id = c.program_id AND e.entry_key = c.entry_key
    WHERE c.program_id = ${programId} ORDER BY c.close_no`;
  return rows.map((row) => ({ ...row, policy: storedPolicy(row.policy) }));
}

/** A period that no close has begun, with the revenue booked for it so far. */
export interface OpenPeriod {
  readonly period: string;
  readonly revenue: string;
}

export async function listOpenPeriods(sql: Sql, programId: number): Promise<OpenPeriod[]> {
  return sql<OpenPeriod[]>`
    SELECT r.period, sum(r.amount)::text AS revenue FROM revenue r
    WHERE r.program_id = ${programId}
      AND NOT EXISTS (SELECT 1 FROM close c WHERE c.program_id = r.program_id AND c.period = r.period)
    GROUP BY r.period, r.starts_at ORDER BY r.starts_at`;
}

/** The policy that a period has, or undefined where none reaches back that far. */
export async function findPolicyOf(sql: Sql, programId: number, period: string): Promise<Policy | undefined> {
  const [row] = await sql<{ policy: string }[]>`
    SELECT policy FROM policy_version WHERE program_id = ${programId} AND version = policy_at(${programId}, ${period})`;
  return row && storedPolicy(row.policy);
}

function storedPolicy(text: string): Policy {
  const parsed = parsePolicy(JSON.parse(text));
  if (!parsed.ok) {
    throw new Error(`a stored policy is not valid: ${parsed.issues[0]?.path} ${parsed.issues[0]?.message}`);
  }
  return parsed.value;
}
