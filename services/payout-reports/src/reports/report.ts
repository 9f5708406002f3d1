import type { Sql } from '@rewardbook/db/client';
import { firstDate, lastDate, parsePeriod } from '@rewardbook/domain/period';
import { AppError } from '@rewardbook/runtime/errors';
import type { ReportSource } from '../store/in-batches.ts';
import type { DateRange } from '../store/postings.ts';
import { findProgram, type Program } from '../store/program.ts';

/** What every report is made from. */
export interface ReportContext {
  /** For short queries. */
  readonly sql: Sql;
  /** For those that give many rows. */
  readonly source: ReportSource;
  readonly program: Program;
}

/** The program of a report. Throws AppError `program-unknown`. */
export async function openReport(sql: Sql, source: ReportSource, slug: string): Promise<ReportContext> {
  const program = await findProgram(sql, slug);
  if (program === undefined)
    throw new AppError('program-unknown', `There is no program ${slug}; apply its policy first`);
  return { sql, source, program };
}

/** Dates of a period, which must be of the program's kind. Throws AppError `bad-period`. */
export function datesOf(program: Program, period: string): DateRange {
  const kind = parsePeriod(period)?.kind;
  if (kind !== program.periodKind) {
    throw new AppError(
      'bad-period',
      `${period} is not a period of ${program.slug}, which has a period each ${program.periodKind}`,
    );
  }
  return { from: firstDate(period), to: lastDate(period) };
}
