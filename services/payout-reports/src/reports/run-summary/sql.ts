import type { Sql } from '@rewardbook/db/client';
import type { ReportedProgram } from '../../service/programs-sql.ts';
import { inBatches, type ReportSource } from '../../service/read-cursor.ts';
import type { ReportedRunStatus } from '../payouts/sql/run-payouts.ts';

/** A payout run as its summary needs it. Money in major units. */
export interface RunSummaryRow {
  readonly runNumber: number;
  readonly runId: string;
  readonly period: string;
  readonly status: ReportedRunStatus;
  readonly programName: string;
  readonly policyVersion: number;
  readonly contentHash: string;
  readonly payoutCount: number;
  readonly waitingCount: number;
  readonly gross: string;
  readonly withheld: string;
  readonly net: string;
  readonly settled: string | null;
  readonly entryKey: string | null;
  readonly entrySeq: bigint | null;
  readonly entryHash: string | null;
  readonly settlementKey: string | null;
  readonly returnedCount: number;
  readonly returnedGross: string;
  readonly returnedWithheld: string;
  readonly returnedNet: string;
  /** Those that came back before the bank paid. */
  readonly returnedBefore: string;
}

export async function findRunSummary(
  sql: Sql,
  { programId }: ReportedProgram,
  runId: string,
): Promise<RunSummaryRow | undefined> {
  const [row] = await sql<RunSummaryRow[]>`
    SELECT r.run_no AS "runNumber", r.run_id AS "runId", r.period, r.status, v.policy::jsonb ->> 'name' AS "programName",
           r.policy_version AS "policyVersion", r.content_hash AS "contentHash", r.payout_count AS "payoutCount",
           r.waiting_count AS "waitingCount", r.gross::text, r.withheld::text, r.net::text, r.settled::text,
           r.entry_key AS "entryKey", e.seq AS "entrySeq", e.hash AS "entryHash", r.settlement_key AS "settlementKey",
           b.count AS "returnedCount", b.gross::text AS "returnedGross", b.withheld::text AS "returnedWithheld",
           b.net::text AS "returnedNet", b.before::text AS "returnedBefore"
    FROM payout_run r
    JOIN policy_version v ON v.program_id = r.program_id AND v.version = r.policy_version
    LEFT JOIN journal_entry e ON e.program_id = r.program_id AND e.entry_key = r.entry_key
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS count, coalesce(sum(p.gross), 0) AS gross, coalesce(sum(p.withheld), 0) AS withheld,
             coalesce(sum(x.net), 0) AS net, coalesce(sum(x.net) FILTER (WHERE NOT x.after_settling), 0) AS before
      FROM payout_return x JOIN payout p USING (program_id, creator_id, run_no)
      WHERE x.program_id = r.program_id AND x.run_no = r.run_no
    ) AS b
    WHERE r.program_id = ${programId} AND r.run_id = ${runId}`;
  return row;
}

/** A decision on a run: who, when, and the hash of what it was about. */
export interface DecisionRow {
  readonly decision: string;
  readonly actor: string;
  readonly at: Date;
  readonly contentHash: string;
  readonly note: string | null;
}

/** In order; returns, of which there may be as many as payouts, are cut to the latest ones. */
export function listDecisions(
  sql: Sql,
  { programId }: ReportedProgram,
  runNumber: number,
  mostReturns: number,
): Promise<DecisionRow[]> {
  return sql<DecisionRow[]>`
    SELECT d.decision, d.actor, d.at, d.content_hash AS "contentHash", d.note FROM (
      SELECT x.*, row_number() OVER (PARTITION BY x.decision = 'return' ORDER BY x.decision_no DESC) AS place
      FROM payout_decision x WHERE x.program_id = ${programId} AND x.run_no = ${runNumber}
    ) AS d
    WHERE d.decision <> 'return' OR d.place <= ${mostReturns} ORDER BY d.decision_no`;
}

export interface RunTaxRow {
  readonly country: string;
  readonly payoutCount: number;
  readonly gross: string;
  readonly withheld: string;
  /** Given back with payouts that came back. */
  readonly back: string;
}

/** What is due in a run, by tax country. */
export function listRunTaxes(sql: Sql, { programId }: ReportedProgram, runNumber: number): Promise<RunTaxRow[]> {
  return sql<RunTaxRow[]>`
    SELECT p.tax_country AS country, count(*)::integer AS "payoutCount", sum(p.gross)::text AS gross, sum(p.withheld)::text AS withheld,
           coalesce(sum(b.tax_back), 0)::text AS back
    FROM payout p LEFT JOIN payout_return b USING (program_id, creator_id, run_no)
    WHERE p.program_id = ${programId} AND p.run_no = ${runNumber} AND p.status = 'due'
    GROUP BY p.tax_country ORDER BY p.tax_country COLLATE "C"`;
}

export interface WaitingRow {
  readonly reason: string;
  readonly creators: number;
  readonly available: string;
}

/** Those who wait, by reason. */
export function listWaiting(sql: Sql, { programId }: ReportedProgram, runNumber: number): Promise<WaitingRow[]> {
  return sql<WaitingRow[]>`
    SELECT p.reason, count(*)::integer AS creators, sum(p.available)::text AS available FROM payout p
    WHERE p.program_id = ${programId} AND p.run_no = ${runNumber} AND p.status = 'waiting' GROUP BY p.reason ORDER BY p.reason`;
}

/** A payout of a run. Money in major units. */
export type RegisterRow = {
  readonly payoutNumber: number;
  readonly creatorId: string;
  readonly payee: string;
  readonly account: string | null;
  readonly country: string;
  readonly gross: string;
  readonly withheld: string;
  readonly net: string;
  readonly isReturned: boolean;
};

/** What is due in a run, in order of payout numbers. */
export function readRegister(
  source: ReportSource,
  { programId }: ReportedProgram,
  runNumber: number,
): AsyncGenerator<RegisterRow[]> {
  return inBatches<RegisterRow>(source, {
    text: `
      SELECT p.payout_number AS "payoutNumber", p.creator_id AS "creatorId", p.payee, p.account, p.tax_country AS country,
             p.gross::text AS gross, p.withheld::text AS withheld, p.net::text AS net, b.creator_id IS NOT NULL AS "isReturned"
      FROM payout p LEFT JOIN payout_return b ON b.program_id = p.program_id AND b.run_no = p.run_no AND b.creator_id = p.creator_id
      WHERE p.program_id = $1 AND p.run_no = $2 AND p.status = 'due' ORDER BY p.payout_number`,
    values: [programId, runNumber],
  });
}
