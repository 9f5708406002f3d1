import type { Sql } from '@rewardbook/db/client';
import type { PeriodKind } from '@rewardbook/domain/values/period';
import { type Currency, currencyOf } from '@rewardbook/money/currency';

/** A program as its reports need it, with the state of its books at this moment. */
export interface ReportedProgram {
  readonly programId: number;
  readonly slug: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly periodKind: PeriodKind;
  /** Newest entry: a report that reads up to it is not disturbed by what is posted meanwhile. */
  readonly headSeq: string;
  readonly creatorsVersion: number;
}

interface Row {
  programId: number;
  slug: string;
  currency: string;
  timeZone: string;
  periodKind: PeriodKind;
  headSeq: string;
  creatorsVersion: number;
}

export async function findProgram(sql: Sql, slug: string): Promise<ReportedProgram | undefined> {
  const [row] = await sql<Row[]>`
    SELECT p.program_id AS "programId", p.slug, p.currency, p.time_zone AS "timeZone", p.period_kind AS "periodKind",
           h.seq::text AS "headSeq", h.creators_version AS "creatorsVersion"
    FROM program p JOIN program_head h USING (program_id) WHERE p.slug = ${slug}`;
  return row && { ...row, currency: currencyOf(row.currency) };
}

/**
 * The last entry posted by an instant (epoch milliseconds), or 0 if nothing was posted yet. Posting times never go
 * back.
 */
export async function seqAt(sql: Sql, programId: number, instant: number): Promise<string> {
  const [row] = await sql<{ seq: string }[]>`
    SELECT coalesce(max(seq), 0)::text AS seq FROM journal_entry
    WHERE program_id = ${programId} AND extract(epoch FROM posted_at) * 1000 <= ${instant}::bigint`;
  return row?.seq ?? '0';
}

/** Whether a creator is registered, or has anything in the books or in the estimates. */
export async function creatorIsKnown(sql: Sql, programId: number, creatorId: string): Promise<boolean> {
  const [row] = await sql<{ known: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM creator WHERE program_id = ${programId} AND creator_id = ${creatorId})
        OR EXISTS (SELECT 1 FROM postings_between(${programId}, ${creatorId}, ${creatorId}))
        OR EXISTS (SELECT 1 FROM tally WHERE program_id = ${programId} AND creator_id = ${creatorId}) AS known`;
  return row?.known ?? false;
}

/** An entry of the journal, by its number. */
export interface EntryStamp {
  readonly postedAt: Date;
  readonly hash: string;
}

export async function findEntry(sql: Sql, programId: number, seq: string): Promise<EntryStamp | undefined> {
  const [row] = await sql<EntryStamp[]>`
    SELECT posted_at AS "postedAt", hash FROM journal_entry WHERE program_id = ${programId} AND seq = ${seq}::bigint`;
  return row;
}

/** What a program and a creator are called now. */
export interface Names {
  readonly programName: string;
  readonly handle: string | null;
  readonly payee: string | null;
}

export async function findNames(
  sql: Sql,
  { programId, creatorsVersion }: ReportedProgram,
  creatorId: string,
): Promise<Names | undefined> {
  const [row] = await sql<Names[]>`
    SELECT v.policy::jsonb ->> 'name' AS "programName", c.handle, c.payee
    FROM policy_version v
    LEFT JOIN creator c ON c.program_id = v.program_id AND c.creator_id = ${creatorId} AND c.version <= ${creatorsVersion}
    WHERE v.program_id = ${programId} ORDER BY v.version DESC, c.version DESC NULLS LAST LIMIT 1`;
  return row;
}
