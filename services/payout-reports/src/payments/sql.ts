import type { Sql } from '@rewardbook/db/client';
import type { ReportedProgram } from '../service/programs-sql.ts';
import { inBatches, type ReportSource } from '../service/read-cursor.ts';

/** A payout run as its payment files need it. */
export interface PaymentRunRow {
  readonly runNumber: number;
  readonly runId: string;
  readonly status: string;
  readonly contentHash: string;
  readonly entryKey: string | null;
  readonly approvedAt: Date | null;
  readonly programName: string;
}

export async function findPaymentRun(
  sql: Sql,
  { programId }: ReportedProgram,
  runId: string,
): Promise<PaymentRunRow | undefined> {
  const [row] = await sql<PaymentRunRow[]>`
    SELECT r.run_no AS "runNumber", r.run_id AS "runId", r.status, r.content_hash AS "contentHash", r.entry_key AS "entryKey",
           e.posted_at AS "approvedAt", v.policy::jsonb ->> 'name' AS "programName"
    FROM payout_run r
    JOIN policy_version v ON v.program_id = r.program_id AND v.version = r.policy_version
    LEFT JOIN journal_entry e ON e.program_id = r.program_id AND e.entry_key = r.entry_key
    WHERE r.program_id = ${programId} AND r.run_id = ${runId}`;
  return row;
}

/** A payout that is to be paid; money in major units. */
export type PaymentRow = {
  readonly payoutNumber: number;
  readonly creatorId: string;
  readonly payee: string;
  readonly account: string | null;
  readonly taxCountry: string;
  readonly gross: string;
  readonly withheld: string;
  readonly net: string;
};

/** What a run pays, in order of payout numbers: without what came back, and without what is all tax. */
export function readPayments(
  source: ReportSource,
  { programId }: ReportedProgram,
  runNumber: number,
): AsyncGenerator<PaymentRow[]> {
  return inBatches<PaymentRow>(source, {
    text: `
      SELECT p.payout_number AS "payoutNumber", p.creator_id AS "creatorId", p.payee, p.account, p.tax_country AS "taxCountry",
             p.gross::text AS gross, p.withheld::text AS withheld, p.net::text AS net
      FROM payout p
      WHERE p.program_id = $1 AND p.run_no = $2 AND p.status = 'due' AND p.net > 0
        AND NOT EXISTS (SELECT 1 FROM payout_return b
                        WHERE b.program_id = p.program_id AND b.run_no = p.run_no AND b.creator_id = p.creator_id)
      ORDER BY p.payout_number`,
    values: [programId, runNumber],
  });
}
