import type { StatementLine } from '@rewardbook/contracts/files/statement-csv';
import type { Actor } from '@rewardbook/db/actor';
import { plainArray, textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';

/** A period of a program, with its dates (`YYYY-MM-DD`). */
export interface PeriodPlace {
  readonly programId: number;
  readonly period: string;
  readonly firstDate: string;
  readonly lastDate: string;
}

export interface ImportStatementCall {
  readonly programId: number;
  readonly period: string;
  readonly kind: string;
  readonly source: string;
  readonly fileHash: string;
  readonly signsReversed: boolean;
  readonly lines: readonly StatementLine[];
  readonly actor: Actor;
}

/** Takes a file in. `created` is false where it was there already, `isCurrent` where a newer one of its source counts instead. */
export async function importStatement(
  sql: Sql,
  call: ImportStatementCall,
): Promise<{ importId: number; created: boolean; isCurrent: boolean }> {
  const { lines } = call;
  const [row] = await sql<{ importId: number; created: boolean; isCurrent: boolean }[]>`
    SELECT import_id::float8 AS "importId", created, is_current AS "isCurrent" FROM import_statement(
      ${call.programId}, ${call.period}, ${call.kind}, ${call.source}, ${call.fileHash}, ${call.signsReversed},
      ${plainArray(lines.map(({ line }) => line))}::integer[], ${textArray(lines.map(({ reference }) => reference))}::text[],
      ${textArray(lines.map(({ amount }) => amount))}::text[], ${textArray(lines.map(({ currency }) => currency))}::text[],
      ${textArray(lines.map(({ date }) => date))}::text[], ${call.actor})`.catch(asRefusal);
  if (row === undefined) {
    throw new Error('import_statement gave no row');
  }
  return row;
}

export interface ImportRow {
  readonly importId: number;
  readonly kind: 'revenue' | 'settlements';
  readonly source: string;
  readonly fileSha256: string;
  readonly signsReversed: boolean;
  readonly lines: number;
  readonly importedBy: string;
  readonly importedAt: Date;
}

const importColumns = (sql: Sql) => sql`
  import_id::float8 AS "importId", kind, source, file_hash AS "fileSha256", signs_reversed AS "signsReversed", line_count AS lines,
  imported_by AS "importedBy", imported_at AS "importedAt"`;

/** The statements of a period that count. */
export function currentStatements(sql: Sql, { programId, period }: PeriodPlace): Promise<ImportRow[]> {
  return sql<ImportRow[]>`
    SELECT ${importColumns(sql)} FROM current_imports(${programId}, ${period}) ORDER BY kind, source`;
}

export async function findImport(sql: Sql, programId: number, importId: number): Promise<ImportRow> {
  const [row] = await sql<ImportRow[]>`
    SELECT ${importColumns(sql)} FROM statement_import WHERE program_id = ${programId} AND import_id = ${importId}::bigint`;
  if (row === undefined) {
    throw new Error(`there is no import ${importId}`);
  }
  return row;
}

export interface StateRow {
  readonly imports: number;
  readonly matched: number;
  readonly open: number;
  readonly explained: number;
  readonly hash: string;
}

/** How many references agree and how many differences there are, and the hash of all that was compared. */
export async function readState(sql: Sql, place: PeriodPlace): Promise<StateRow> {
  const [row] = await sql<StateRow[]>`
    SELECT * FROM reconciliation_state(${place.programId}, ${place.period}, ${place.firstDate}::date, ${place.lastDate}::date)`;
  if (row === undefined) {
    throw new Error('reconciliation_state gave no row');
  }
  return row;
}

export interface MarkRow {
  readonly by: string;
  readonly at: Date;
  readonly hash: string;
  readonly note: string | null;
}

export async function lastMark(sql: Sql, { programId, period }: PeriodPlace): Promise<MarkRow | undefined> {
  const [row] = await sql<MarkRow[]>`
    SELECT actor AS by, at, hash, note FROM reconciliation_mark
    WHERE program_id = ${programId} AND period = ${period} ORDER BY mark_no DESC LIMIT 1`;
  return row;
}

/** A difference. Amounts in major units; `explanation` where one holds. */
export interface DifferenceRow {
  readonly kind: 'revenue' | 'settlements';
  readonly reference: string;
  readonly difference: string;
  readonly statementLines: number;
  readonly bookAmount: string | null;
  readonly bookEntries: string[];
  readonly note: string | null;
  readonly explainedBy: string | null;
  readonly explainedAt: Date | null;
}

export type DifferenceKey = readonly [kind: string, reference: string, difference: string];

/** Differences by kind, reference and what differs. */
export function listDifferences(
  sql: Sql,
  place: PeriodPlace,
  { openOnly, after, limit }: { openOnly: boolean; after: DifferenceKey; limit: number },
): Promise<DifferenceRow[]> {
  const [kind, reference, difference] = after;
  return sql<DifferenceRow[]>`
    SELECT kind, reference, difference, statement_lines AS "statementLines", book_amount::text AS "bookAmount",
           book_entries AS "bookEntries", note, explained_by AS "explainedBy", explained_at AS "explainedAt"
    FROM listed_differences(${place.programId}, ${place.period}, ${place.firstDate}::date, ${place.lastDate}::date)
    WHERE (kind COLLATE "C", reference, difference COLLATE "C") > (${kind}, ${reference}, ${difference})
      AND (NOT ${openOnly} OR explanation_no IS NULL)
    ORDER BY kind COLLATE "C", reference, difference COLLATE "C" LIMIT ${limit}`;
}

export interface StatementLineRow {
  readonly kind: string;
  readonly reference: string;
  readonly importId: number;
  readonly line: number;
  readonly date: string;
  readonly amount: string;
  readonly currency: string;
}

const LINES_SHOWN = 10;

/** The first lines of each of these references in the statements that count. */
export function linesOf(sql: Sql, place: PeriodPlace, references: readonly string[]): Promise<StatementLineRow[]> {
  return sql<StatementLineRow[]>`
    SELECT kind, reference, import_id::float8 AS "importId", line, dated::text AS date, amount::text AS amount, currency
    FROM (
      SELECT i.kind, l.*, row_number() OVER (PARTITION BY i.kind, l.reference ORDER BY l.import_id, l.line) AS place
      FROM current_imports(${place.programId}, ${place.period}) i
      JOIN statement_line l ON l.program_id = ${place.programId} AND l.import_id = i.import_id
      WHERE l.reference = ANY (${textArray(references)}::text[])
    ) AS found WHERE place <= ${LINES_SHOWN} ORDER BY import_id, line`;
}

/** Explains what differs for a reference; gives how many differences that resolved. @throws BooksRefused `difference-unknown` */
export async function explainDifference(
  sql: Sql,
  place: PeriodPlace,
  call: { kind: string; reference: string; difference: string | undefined; reason: string; actor: Actor },
): Promise<number> {
  const [row] = await sql<{ resolved: number }[]>`
    SELECT explain_difference(
      ${place.programId}, ${place.period}, ${place.firstDate}::date, ${place.lastDate}::date, ${call.kind}, ${call.reference},
      ${call.difference ?? null}, ${call.reason}, ${call.actor}) AS resolved`.catch(asRefusal);
  return row?.resolved ?? 0;
}

/** @throws BooksRefused `reconciliation-changed`, `statement-missing`, `differences-open` */
export async function markReconciled(
  sql: Sql,
  place: PeriodPlace,
  { hash, note, actor }: { hash: string; note: string | undefined; actor: Actor },
): Promise<boolean> {
  const [row] = await sql<{ created: boolean }[]>`
    SELECT mark_reconciled(${place.programId}, ${place.period}, ${place.firstDate}::date, ${place.lastDate}::date, ${hash},
                           ${note ?? null}, ${actor}) AS created`.catch(asRefusal);
  return row?.created ?? false;
}
