import type { Sql } from '@rewardbook/db/client';
import { inBatches, type ReportSource } from '../../service/read-cursor.ts';
import type { ReportedProgram } from '../../service/reported-program.ts';

/** What came back of a run. Money in major units. */
export interface RunReturns {
  readonly gross: string;
  readonly withheld: string;
  readonly net: string;
  /** Net of those that came back before the bank paid. */
  readonly beforeSettling: string;
}

export async function sumReturns(sql: Sql, { programId }: ReportedProgram, runNumber: number): Promise<RunReturns> {
  const [row] = await sql<RunReturns[]>`
    SELECT coalesce(sum(p.gross), 0)::text AS gross, coalesce(sum(p.withheld), 0)::text AS withheld, coalesce(sum(x.net), 0)::text AS net,
           coalesce(sum(x.net) FILTER (WHERE NOT x.after_settling), 0)::text AS "beforeSettling"
    FROM payout_return x JOIN payout p USING (program_id, creator_id, run_no)
    WHERE x.program_id = ${programId} AND x.run_no = ${runNumber}`;
  if (row === undefined) {
    throw new Error('a sum gave no row');
  }
  return row;
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
