import { type Program, readHead, requireProgram } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';

/** A program as its reports need it, with the state of its books at this moment. */
export interface ReportedProgram extends Program {
  /** Newest entry: a report that reads up to it is not disturbed by what is posted meanwhile. */
  readonly headSeq: number;
  readonly creatorsVersion: number;
}

/** @throws BooksRefused `program-unknown` */
export async function readReportedProgram(sql: Sql, slug: string): Promise<ReportedProgram> {
  const program = await requireProgram(sql, slug);
  const { seq, creatorsVersion } = await readHead(sql, program.programId);
  return { ...program, headSeq: seq, creatorsVersion };
}
