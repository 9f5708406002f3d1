import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';

export interface BookRevenueCall {
  readonly programId: number;
  readonly period: string;
  /** Start of the period, epoch milliseconds. */
  readonly startsAt: number;
  /** `YYYY-MM-DD` */
  readonly effectiveAt: string;
  /** Major units with the currency's digits. */
  readonly amount: string;
  readonly reference: string;
  /** Key of the entry that this one corrects. */
  readonly corrects: string | null;
  readonly actor: Actor;
}

export interface RevenueRow {
  readonly period: string;
  readonly amount: string;
  readonly reference: string;
  readonly corrects: string | null;
  readonly entryKey: string;
  readonly bookedAt: Date;
}

/**
 * Books revenue, with its entry. False if the same booking already exists.
 *
 * @throws BooksRefused `reference-conflict`, `period-closed`, `corrects-unknown`
 */
export async function bookRevenue(sql: Sql, call: BookRevenueCall): Promise<boolean> {
  const [row] = await sql<{ created: boolean }[]>`
    SELECT created FROM book_revenue(
      ${call.programId}, ${call.period}, ${call.startsAt}::bigint, ${call.effectiveAt}::date, ${call.amount}, ${call.reference},
      ${call.corrects}, ${call.actor})`.catch(asRefusal);
  if (row === undefined) {
    throw new Error('book_revenue gave no row');
  }
  return row.created;
}

/** Bookings by reference, of one period or of all. */
export function listRevenue(
  sql: Sql,
  programId: number,
  { period, reference, after, limit }: { period?: string; reference?: string; after: string; limit: number },
): Promise<RevenueRow[]> {
  return sql<RevenueRow[]>`
    SELECT r.period, r.amount::text AS amount, r.reference, r.corrects, r.entry_key AS "entryKey", e.posted_at AS "bookedAt"
    FROM revenue r JOIN journal_entry e ON e.program_id = r.program_id AND e.entry_key = r.entry_key
    WHERE r.program_id = ${programId} AND r.reference > ${after}
      AND (${period ?? null}::text IS NULL OR r.period = ${period ?? null})
      AND (${reference ?? null}::text IS NULL OR r.reference = ${reference ?? null})
    ORDER BY r.reference LIMIT ${limit}`;
}
