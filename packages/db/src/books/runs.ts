import type { RunStatus } from '@rewardbook/domain/payouts/payout-status';
import type { Sql } from '../client.ts';
import { BooksRefused } from '../errors.ts';

/** A payout run. Money in major units; totals are those of what was due when it was drafted. */
export interface PayoutRun {
  readonly runNumber: number;
  readonly runId: string;
  /** The latest closed one when it was drafted. */
  readonly period: string;
  readonly status: RunStatus;
  readonly policyVersion: number;
  readonly contentHash: string;
  readonly payoutCount: number;
  readonly waitingCount: number;
  readonly returnedCount: number;
  readonly gross: string;
  readonly withheld: string;
  readonly net: string;
  /** Net of the payouts that came back. */
  readonly returned: string;
  readonly settled: string | null;
  readonly draftedBy: string;
  readonly draftedAt: Date;
  /** The journal's last entry then. */
  readonly draftedSeq: number;
  readonly approvedBy: string | null;
  /** Of the entry that approved it: when it was posted, and its number in the journal. */
  readonly approvedAt: Date | null;
  readonly entrySeq: number | null;
  readonly entryKey: string | null;
  readonly entryHash: string | null;
  readonly settlementKey: string | null;
}

/** A decision on a run: who, when, and the hash of what it was about. */
export interface RunDecision {
  readonly decision: string;
  readonly actor: string;
  readonly at: Date;
  readonly contentHash: string;
  readonly note: string | null;
}

const columns = (sql: Sql) => sql`
  r.run_no AS "runNumber", r.run_id AS "runId", r.period, r.status, r.policy_version AS "policyVersion", r.content_hash AS "contentHash",
  r.payout_count AS "payoutCount", r.waiting_count AS "waitingCount", b.count AS "returnedCount", r.gross::text, r.withheld::text,
  r.net::text, b.net::text AS returned, r.settled::text, r.drafted_by AS "draftedBy", r.drafted_at AS "draftedAt",
  r.drafted_seq::float8 AS "draftedSeq", r.approved_by AS "approvedBy", e.posted_at AS "approvedAt", e.seq::float8 AS "entrySeq",
  r.entry_key AS "entryKey", e.hash AS "entryHash", r.settlement_key AS "settlementKey"
  FROM payout_run r
  LEFT JOIN journal_entry e ON e.program_id = r.program_id AND e.entry_key = r.entry_key
  CROSS JOIN LATERAL (
    SELECT count(*)::integer AS count, coalesce(sum(x.net), 0) AS net FROM payout_return x
    WHERE x.program_id = r.program_id AND x.run_no = r.run_no
  ) AS b`;

export async function findRun(sql: Sql, programId: number, runId: string): Promise<PayoutRun | undefined> {
  const [row] = await sql<
    PayoutRun[]
  >`SELECT ${columns(sql)} WHERE r.program_id = ${programId} AND r.run_id = ${runId}`;
  return row;
}

/** The run with this id. @throws BooksRefused `run-unknown` */
export async function requireRun(sql: Sql, programId: number, runId: string): Promise<PayoutRun> {
  const run = await findRun(sql, programId, runId);
  if (run === undefined) {
    throw runUnknown(runId);
  }
  return run;
}

export function runUnknown(runId: string): BooksRefused {
  return new BooksRefused('run-unknown', `There is no payout run ${runId}`);
}

/** A page of runs, in order of their numbers. */
export function listRuns(
  sql: Sql,
  programId: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<PayoutRun[]> {
  return sql<PayoutRun[]>`
    SELECT ${columns(sql)} WHERE r.program_id = ${programId} AND r.run_no > ${after} ORDER BY r.run_no LIMIT ${limit}`;
}

/** All runs, in order of their numbers. */
export function listAllRuns(sql: Sql, programId: number): Promise<PayoutRun[]> {
  return sql<PayoutRun[]>`SELECT ${columns(sql)} WHERE r.program_id = ${programId} ORDER BY r.run_no`;
}

/**
 * The decisions on a run, in order.
 *
 * @param maxReturns how many returns at most, the latest ones: there may be as many as payouts; null: all
 */
export function listDecisions(
  sql: Sql,
  programId: number,
  runNumber: number,
  maxReturns: number | null,
): Promise<RunDecision[]> {
  return sql<RunDecision[]>`
    SELECT d.decision, d.actor, d.at, d.content_hash AS "contentHash", d.note FROM (
      SELECT x.*, row_number() OVER (PARTITION BY x.decision = 'return' ORDER BY x.decision_no DESC) AS place
      FROM payout_decision x WHERE x.program_id = ${programId} AND x.run_no = ${runNumber}
    ) AS d
    WHERE d.decision <> 'return' OR ${maxReturns}::integer IS NULL OR d.place <= ${maxReturns}::integer ORDER BY d.decision_no`;
}
