import type { JournalFilter } from '@rewardbook/db/books/entries';
import { entryConditions } from '@rewardbook/db/books/entries';
import { where } from '@rewardbook/db/lists/conditions';
import { allOf, piece, toQuery } from '@rewardbook/db/lists/sql-piece';
import { inBatches, type ReportSource } from './read-cursor.ts';
import type { ReportedProgram } from './reported-program.ts';

/** What a query reads postings from: those of a creator, who is the parameter named, or of all. The program is $1. */
export function postingsOf(creatorId: string | undefined, parameter: string): string {
  return creatorId === undefined ? 'posting' : `postings_between($1, ${parameter}::text, ${parameter}::text)`;
}

/** Dates, `YYYY-MM-DD`, both included. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

export type ReportedPosting = {
  readonly seq: number;
  readonly entryKey: string;
  readonly effectiveAt: string;
  readonly postedAt: Date;
  readonly kind: string;
  readonly reverses: string | null;
  readonly hash: string;
  readonly account: string;
  readonly oppositeAccount: string;
  readonly amount: string;
  readonly runningBalance: string;
};

/**
 * Postings in the journal's order, up to the program's head. The running balance is over all of the account's postings, also
 * those that the filters leave out.
 */
export function readPostings(
  source: ReportSource,
  { programId, headSeq }: ReportedProgram,
  { dates, filter: { creator, ...filter } }: { readonly dates: DateRange | undefined; readonly filter: JournalFilter },
): AsyncGenerator<ReportedPosting[]> {
  const postings =
    creator === undefined ? piece`posting` : piece`postings_between(${programId}, ${creator}::text, ${creator}::text)`;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const conditions = allOf([
    ...where(dates?.from, (from) => piece`j.effective_at >= ${from}::date`),
    ...where(dates?.to, (to) => piece`j.effective_at <= ${to}::date`),
    ...(isFiltered
      ? [piece`j.seq IN (SELECT e.seq FROM journal_entry e WHERE ${entryConditions(programId, filter)})`]
      : []),
  ]);
  return inBatches<ReportedPosting>(
    source,
    toQuery(piece`
      SELECT j.seq::float8 AS seq, j.entry_key AS "entryKey", j.effective_at::text AS "effectiveAt",
             j.posted_at AS "postedAt", j.kind, j.reverses, j.hash, j.account, j.amount::text AS amount,
             j.running::text AS "runningBalance",
             CASE WHEN j.posting_count = 2
                  THEN (SELECT o.account FROM posting o
                         WHERE o.program_id = ${programId} AND o.entry_id = j.entry_id AND o.line <> j.line LIMIT 1)
                  ELSE '(split)' END AS "oppositeAccount"
      FROM (
        SELECT e.seq, e.entry_id, e.entry_key, e.effective_at, e.posted_at, e.kind, e.reverses, e.hash, e.posting_count,
               p.line, p.account, p.amount,
               sum(p.amount) OVER (PARTITION BY p.account ORDER BY e.seq, p.line ROWS UNBOUNDED PRECEDING) AS running
        FROM journal_entry e JOIN ${postings} p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
        WHERE e.program_id = ${programId} AND e.seq <= ${headSeq}
          AND ${creator === undefined ? piece`true` : piece`p.creator_id = ${creator}`}
      ) AS j
      WHERE ${conditions}
      ORDER BY j.seq, j.line`),
  );
}

export type StatementMovement = {
  readonly seq: number;
  readonly entryKey: string;
  readonly effectiveAt: string;
  readonly postedAt: Date;
  readonly kind: string;
  readonly details: string;
  readonly account: string;
  readonly amount: string;
};

/** What moved on a creator's accounts, by effective date, up to one. */
export function readMovements(
  source: ReportSource,
  { programId, headSeq }: ReportedProgram,
  creatorId: string,
  to: string | undefined,
): AsyncGenerator<StatementMovement[]> {
  return inBatches<StatementMovement>(source, {
    text: `
      SELECT e.seq::float8 AS seq, e.entry_key AS "entryKey", e.effective_at::text AS "effectiveAt",
             e.posted_at AS "postedAt", e.kind, e.details, p.account, p.amount::text AS amount
      FROM ${postingsOf(creatorId, '$2')} p JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
      WHERE e.seq <= $3 AND ($4::date IS NULL OR e.effective_at <= $4)
      ORDER BY e.effective_at, e.seq, p.line`,
    values: [programId, creatorId, headSeq, to ?? null],
  });
}
