import type { Sql } from '@rewardbook/db/client';

/** A journal entry that had a part in an amount. */
export interface InvolvedEntry {
  readonly seq: number;
  readonly entryKey: string;
  readonly kind: string;
  readonly role: 'revenue' | 'rollover' | 'close' | 'creator';
  readonly effectiveAt: string;
  readonly postedAt: Date;
  readonly hash: string;
  /** null where the entry has no posting of the creator. */
  readonly line: number | null;
  readonly account: string | null;
  readonly amount: string | null;
}

export interface EntriesQuery {
  readonly programId: number;
  readonly period: string;
  readonly creatorId: string;
  readonly closeKey: string;
  /** The close that left what this one took out of the rollover; null where it took nothing. */
  readonly rolloverKey: string | null;
  readonly limit: number;
}

/**
 * Entries in the journal's order: the period's revenue, the close before where it left something, the close, and what moved on the
 * creator's accounts since. A row for each posting of the creator.
 */
export function listInvolvedEntries(
  sql: Sql,
  { programId, period, creatorId, closeKey, rolloverKey, limit }: EntriesQuery,
): Promise<InvolvedEntry[]> {
  return sql<InvolvedEntry[]>`
    WITH closed AS (
      SELECT seq FROM journal_entry WHERE program_id = ${programId} AND entry_key = ${closeKey}
    ), own AS (
      SELECT p.entry_id, p.line, p.account, p.amount 
      FROM postings_between(${programId}, ${creatorId}, ${creatorId}) p
    ), involved AS (
      SELECT e.*, CASE e.entry_key WHEN ${closeKey} THEN 'close' WHEN ${rolloverKey} THEN 'rollover' END AS role
      FROM journal_entry e WHERE e.program_id = ${programId} AND e.entry_key IN (${closeKey}, ${rolloverKey ?? closeKey})
      UNION ALL
      SELECT e.*, 'revenue' FROM revenue r JOIN journal_entry e ON e.program_id = r.program_id AND e.entry_key = r.entry_key
      WHERE r.program_id = ${programId} AND r.period = ${period}
      UNION ALL
      SELECT e.*, 'creator' FROM journal_entry e
      WHERE e.program_id = ${programId} AND e.seq > (SELECT seq FROM closed) AND e.entry_id IN (SELECT entry_id FROM own)
    )
    SELECT i.seq::float8 AS seq, i.entry_key AS "entryKey", i.kind, i.role, i.effective_at::text AS "effectiveAt",
           i.posted_at AS "postedAt", i.hash, own.line, own.account, own.amount::text AS amount
    FROM involved i LEFT JOIN own ON own.entry_id = i.entry_id
    ORDER BY i.seq, own.line LIMIT ${limit}`;
}

/** A creator in a payout run. Money in major units. */
export interface ExplainedPayment {
  readonly runId: string;
  readonly payoutNumber: number | null;
  readonly runStatus: string;
  readonly available: string;
  readonly gross: string;
  readonly taxedBefore: string;
  readonly withheld: string;
  readonly net: string;
  readonly taxCountry: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly returned: boolean;
}

/** Runs from a period on that had the creator; discarded ones left out. */
export function listPayments(
  sql: Sql,
  programId: number,
  creatorId: string,
  period: string,
  limit: number,
): Promise<ExplainedPayment[]> {
  return sql<ExplainedPayment[]>`
    SELECT r.run_id AS "runId", p.payout_number AS "payoutNumber", r.status AS "runStatus", p.available::text, p.gross::text,
           p.taxed_before::text AS "taxedBefore", p.withheld::text, p.net::text, p.tax_country AS "taxCountry", p.status, p.reason, b.entry_key IS NOT NULL AS returned
    FROM payout p
    JOIN payout_run r ON r.program_id = p.program_id AND r.run_no = p.run_no
    LEFT JOIN payout_return b ON b.program_id = p.program_id AND b.creator_id = p.creator_id AND b.run_no = p.run_no
    WHERE p.program_id = ${programId} AND p.creator_id = ${creatorId} AND r.period >= ${period} AND r.status <> 'discarded'
    ORDER BY r.run_no LIMIT ${limit}`;
}

/** What a close held back from a creator, and the period after which it is released (a label, or the number of its close). */
export async function findHoldback(
  sql: Sql,
  programId: number,
  creatorId: string,
  closeNo: number,
): Promise<{ amount: string; dueClose: number } | undefined> {
  const [row] = await sql<{ amount: string; dueClose: number }[]>`
    SELECT amount::text, due_close AS "dueClose" FROM holdback
    WHERE program_id = ${programId} AND creator_id = ${creatorId} AND close_no = ${closeNo}`;
  return row;
}
