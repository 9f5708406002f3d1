import type { Sql } from '@rewardbook/db/client';
import type { PeriodPlace, StatementLineRow } from './sql.ts';

/** A line with what the comparison of its reference says. Amounts in major units. */
export interface ComparedLineRow extends Omit<StatementLineRow, 'kind' | 'importId'> {
  readonly bookAmount: string | null;
  readonly bookEntries: string[];
  readonly differences: string[];
}

/** Whether an import is one of those that count for the period. */
export async function isCurrentImport(sql: Sql, place: PeriodPlace, importId: number): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM current_imports(${place.programId}, ${place.period}) WHERE import_id = ${importId}::bigint`;
  return rows.length > 0;
}

/** Lines of an import that counts, in the order of its file. */
export function comparedLines(
  sql: Sql,
  place: PeriodPlace,
  { importId, after, limit }: { readonly importId: number; readonly after: number; readonly limit: number },
): Promise<ComparedLineRow[]> {
  return sql<ComparedLineRow[]>`
    WITH shown AS (
      SELECT i.kind, l.* FROM current_imports(${place.programId}, ${place.period}) i
      JOIN statement_line l ON l.program_id = ${place.programId} AND l.import_id = i.import_id
      WHERE i.import_id = ${importId}::bigint AND l.line > ${after}::integer
      ORDER BY l.line LIMIT ${limit}
    )
    SELECT s.line, s.reference, s.dated::text AS date, s.amount::text AS amount, s.currency, c.book_amount::text AS "bookAmount",
           coalesce(c.book_entries, '{}') AS "bookEntries", coalesce(c.differences, '{}') AS differences
    FROM shown s
    LEFT JOIN compared(${place.programId}, ${place.period}, ${place.firstDate}::date, ${place.lastDate}::date) c
      ON c.kind = s.kind AND c.reference = s.reference
    ORDER BY s.line`;
}
