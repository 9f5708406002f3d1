import { seqAt } from '@rewardbook/db/books/entries';
import type { Sql } from '@rewardbook/db/client';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { assertPeriodOf, firstDate, lastDate } from '@rewardbook/domain/values/period';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { DateRange } from './postings-sql.ts';
import type { ReportSource } from './read-cursor.ts';
import { type ReportedProgram, readReportedProgram } from './reported-program.ts';

/** What every report is made from. */
export interface ReportContext {
  /** For short queries. */
  readonly sql: Sql;
  /** For queries that return many rows. */
  readonly source: ReportSource;
  readonly program: ReportedProgram;
}

/**
 * The program of a report. Throws BooksRefused `program-unknown`.
 *
 * @param asOf RFC 3339: the books as they had been posted then; the program's head is the last entry of that time
 */
export async function openReport(
  sql: Sql,
  source: ReportSource,
  slug: string,
  asOf?: string | undefined,
): Promise<ReportContext> {
  const program = await readReportedProgram(sql, slug);
  if (asOf === undefined) {
    return { sql, source, program };
  }
  const instant = parseInstant(asOf);
  if (instant === undefined) {
    throw new AppError('invalid-request', `${asOf} is not an instant of RFC 3339`);
  }
  const headSeq = await seqAt(sql, program.programId, instant);
  return { sql, source, program: { ...program, headSeq } };
}

/** Dates of a period, which must be of the program's kind. Throws DomainError `bad-period`. */
export function datesOf(program: ReportedProgram, period: string): DateRange {
  assertPeriodOf(program, period);
  return { from: firstDate(period), to: lastDate(period) };
}

/** The earlier of two dates, `YYYY-MM-DD`, each of which may be open. */
export function earlierDate(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  return compareUtf8(a, b) < 0 ? a : b;
}
