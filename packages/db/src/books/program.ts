import type { PeriodKind } from '@rewardbook/domain/values/period';
import { type Currency, currencyOf } from '@rewardbook/money/currency';
import type { Sql } from '../client.ts';
import { BooksRefused } from '../errors.ts';

/** What of a program never changes. */
export interface Program {
  readonly programId: number;
  readonly slug: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly periodKind: PeriodKind;
  readonly createdAt: Date;
}

type ProgramRow = Omit<Program, 'currency'> & { readonly currency: string };

const columns = (sql: Sql) => sql`
  program_id AS "programId", slug, currency, time_zone AS "timeZone", period_kind AS "periodKind", created_at AS "createdAt"`;

const toProgram = (row: ProgramRow): Program => ({ ...row, currency: currencyOf(row.currency) });

export async function findProgram(sql: Sql, slug: string): Promise<Program | undefined> {
  const [row] = await sql<ProgramRow[]>`SELECT ${columns(sql)} FROM program WHERE slug = ${slug}`;
  return row && toProgram(row);
}

export async function findProgramById(sql: Sql, programId: number): Promise<Program | undefined> {
  const [row] = await sql<ProgramRow[]>`SELECT ${columns(sql)} FROM program WHERE program_id = ${programId}`;
  return row && toProgram(row);
}

/** The program with this slug. @throws BooksRefused `program-unknown` */
export async function requireProgram(sql: Sql, slug: string): Promise<Program> {
  const program = await findProgram(sql, slug);
  if (program === undefined) {
    throw new BooksRefused('program-unknown', `There is no program ${slug}; apply its policy first`);
  }
  return program;
}

/** Which programs are listed: `of`, if not null, are slugs, and only these are. */
export interface ProgramsQuery {
  readonly of: readonly string[] | null;
  readonly after: string;
  readonly limit: number;
}

/** A page of programs, by slug. */
export async function listPrograms(sql: Sql, { of, after, limit }: ProgramsQuery): Promise<Program[]> {
  const only = of === null ? null : [...of];
  const rows = await sql<ProgramRow[]>`
    SELECT ${columns(sql)} FROM program
    WHERE slug > ${after} AND (${only}::text[] IS NULL OR slug = ANY (${only}::text[]))
    ORDER BY slug LIMIT ${limit}`;
  return rows.map(toProgram);
}

/** The end of a program's journal and the newest version of its registry. */
export interface ProgramHead {
  readonly seq: number;
  readonly hash: string;
  readonly creatorsVersion: number;
}

export async function readHead(sql: Sql, programId: number): Promise<ProgramHead> {
  const [row] = await sql<ProgramHead[]>`
    SELECT seq::float8 AS seq, hash, creators_version AS "creatorsVersion" FROM program_head WHERE program_id = ${programId}`;
  if (row === undefined) {
    throw new Error(`program ${programId} has no head row`);
  }
  return row;
}
