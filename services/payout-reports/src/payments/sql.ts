import { inBatches, type ReportSource } from '../service/read-cursor.ts';
import type { ReportedProgram } from '../service/reported-program.ts';

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
