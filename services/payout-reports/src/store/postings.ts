import type { Sql } from '@rewardbook/db/client';
import { inBatches } from './in-batches.ts';
import type { Program } from './program.ts';

/** Dates, `YYYY-MM-DD`, both included. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

export interface PostingRow {
  readonly seq: bigint;
  readonly line: number;
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
}

/**
 * Postings in the journal's order, up to the program's head. The running balance is over all of the account's postings, also
 * those that the filters leave out.
 */
export function readPostings(
  sql: Sql,
  { programId, headSeq }: Program,
  filter: { readonly dates: DateRange | undefined; readonly creatorId: string | undefined },
): AsyncGenerator<PostingRow[]> {
  const { dates, creatorId } = filter;
  const query = sql<PostingRow[]>`
    SELECT j.seq, j.line, j.entry_key AS "entryKey", j.effective_at::text AS "effectiveAt", j.posted_at AS "postedAt", j.kind,
           j.reverses, j.hash, j.account, j.amount::text AS amount, j.running::text AS "runningBalance",
           CASE WHEN j.posting_count = 2
                THEN (SELECT o.account FROM posting o
                       WHERE o.program_id = ${programId} AND o.entry_id = j.entry_id AND o.line <> j.line)
                ELSE '(split)' END AS "oppositeAccount"
    FROM (
      SELECT e.seq, e.entry_id, e.entry_key, e.effective_at, e.posted_at, e.kind, e.reverses, e.hash, e.posting_count,
             p.line, p.account, p.amount,
             sum(p.amount) OVER (PARTITION BY p.account ORDER BY e.seq, p.line ROWS UNBOUNDED PRECEDING) AS running
      FROM journal_entry e JOIN posting p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
      WHERE e.program_id = ${programId} AND e.seq <= ${headSeq}
        ${creatorId === undefined ? sql`` : sql`AND p.creator_id = ${creatorId}`}
    ) AS j
    ${dates === undefined ? sql`` : sql`WHERE j.effective_at BETWEEN ${dates.from} AND ${dates.to}`}
    ORDER BY j.seq, j.line`;
  return inBatches(sql, query);
}

export interface MovementRow {
  readonly seq: bigint;
  readonly entryKey: string;
  readonly effectiveAt: string;
  readonly postedAt: Date;
  readonly kind: string;
  readonly details: string;
  readonly account: string;
  readonly amount: string;
}

/** What moved on a creator's accounts, by effective date, up to one. */
export function readMovements(
  sql: Sql,
  { programId, headSeq }: Program,
  creatorId: string,
  to: string | undefined,
): AsyncGenerator<MovementRow[]> {
  const query = sql<MovementRow[]>`
    SELECT e.seq, e.entry_key AS "entryKey", e.effective_at::text AS "effectiveAt", e.posted_at AS "postedAt", e.kind,
           e.details, p.account, p.amount::text AS amount
    FROM posting p JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
    WHERE p.program_id = ${programId} AND p.creator_id = ${creatorId} AND e.seq <= ${headSeq}
      ${to === undefined ? sql`` : sql`AND e.effective_at <= ${to}`}
    ORDER BY e.effective_at, e.seq, p.line`;
  return inBatches(sql, query);
}
