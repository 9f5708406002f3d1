import type { Policy } from '@rewardbook/domain/policy/policy';
import type { ClosedPeriod } from '@rewardbook/domain/values/closed-periods';
import type { Sql } from '../client.ts';
import { requirePolicy } from './policies.ts';

/** A close that was begun: what it uses, fixed when it began. Money in major units, instants in epoch milliseconds. */
interface BegunClose {
  readonly period: string;
  /** From 1. */
  readonly closeNo: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly policyVersion: number;
  readonly creatorsVersion: number;
  readonly revenueEntries: string;
  readonly revenueCarriedIn: string;
  readonly rolledOver: string;
  /** Why the last attempt failed; null once one succeeds. */
  readonly failure: string | null;
}

/** What came of a close. */
export interface CloseOutcome {
  readonly closedAt: Date;
  /** The attempt that counts. */
  readonly attemptId: string;
  readonly entryKey: string;
  /** Of its entry in the journal. */
  readonly entrySeq: number;
  readonly funded: string;
  readonly pool: string;
  readonly allocated: string;
  readonly undistributed: string;
  readonly revenueCarriedOut: string;
  readonly policyHash: string;
  readonly creatorsHash: string;
  readonly resultHash: string;
  /** JSON: `[{rule, events, points}]` */
  readonly excluded: string;
  /** JSON. */
  readonly metrics: string;
}

export type FinishedClose = BegunClose & CloseOutcome & { readonly status: 'closed' };

/** A period that is closing or closed. */
export type Close =
  | FinishedClose
  | (BegunClose & { readonly [Name in keyof CloseOutcome]: null } & { readonly status: 'closing' });

export type CloseWithPolicy = Close & { readonly policy: Policy };

const columns = (sql: Sql) => sql`
  c.period, c.close_no AS "closeNo", c.starts_at::float8 AS "startsAt", c.ends_at::float8 AS "endsAt", c.status,
  c.policy_version AS "policyVersion", c.creators_version AS "creatorsVersion", c.revenue_entries::text AS "revenueEntries",
  c.revenue_carried_in::text AS "revenueCarriedIn", c.rolled_over::text AS "rolledOver", c.closed_at AS "closedAt",
  c.attempt_id::text AS "attemptId", c.entry_key AS "entryKey",
  (SELECT e.seq::float8 FROM journal_entry e WHERE e.program_id = c.program_id AND e.entry_key = c.entry_key) AS "entrySeq",
  c.funded::text, c.pool::text, c.allocated::text, c.undistributed::text, c.revenue_carried_out::text AS "revenueCarriedOut",
  c.policy_hash AS "policyHash", c.creators_hash AS "creatorsHash", c.result_hash AS "resultHash", c.excluded, c.metrics, c.failure
  FROM close c`;

/** The close of a period. */
export async function findClose(sql: Sql, programId: number, period: string): Promise<Close | undefined> {
  const [row] = await sql<Close[]>`
    SELECT ${columns(sql)} WHERE c.program_id = ${programId} AND c.period = ${period}`;
  return row;
}

export async function findCloseByNumber(sql: Sql, programId: number, closeNo: number): Promise<Close | undefined> {
  const [row] = await sql<Close[]>`
    SELECT ${columns(sql)} WHERE c.program_id = ${programId} AND c.close_no = ${closeNo}`;
  return row;
}

/** The close that was begun last. */
export async function lastClose(sql: Sql, programId: number): Promise<Close | undefined> {
  const [row] = await sql<Close[]>`
    SELECT ${columns(sql)} WHERE c.program_id = ${programId} ORDER BY c.close_no DESC LIMIT 1`;
  return row;
}

/** The closes of these periods, those that were begun. */
export function findCloses(sql: Sql, programId: number, periods: readonly string[]): Promise<Close[]> {
  return sql<Close[]>`
    SELECT ${columns(sql)} WHERE c.program_id = ${programId} AND c.period = ANY (${[...periods]}) ORDER BY c.close_no`;
}

/** All closes, in order. */
export function listCloses(sql: Sql, programId: number): Promise<Close[]> {
  return sql<Close[]>`SELECT ${columns(sql)} WHERE c.program_id = ${programId} ORDER BY c.close_no`;
}

/** All closes with the policies that they use, in order. */
export async function listClosesWithPolicies(sql: Sql, programId: number): Promise<CloseWithPolicy[]> {
  const closes = await listCloses(sql, programId);
  const policies = new Map<number, Policy>();
  const withPolicies: CloseWithPolicy[] = [];
  for (const close of closes) {
    const { policyVersion } = close;
    const policy = policies.get(policyVersion) ?? (await requirePolicy(sql, programId, policyVersion)).policy;
    policies.set(policyVersion, policy);
    withPolicies.push({ ...close, policy });
  }
  return withPolicies;
}

/** All periods whose close was begun, with the bounds that it fixed, in order. */
export function listClosedBounds(sql: Sql, programId: number): Promise<ClosedPeriod[]> {
  return sql<ClosedPeriod[]>`
    SELECT period, starts_at::float8 AS start, ends_at::float8 AS end FROM close WHERE program_id = ${programId} ORDER BY close_no`;
}
