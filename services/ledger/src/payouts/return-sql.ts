import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import type { RunCommand } from './run-sql.ts';

/** A payout that came back. Money in major units. */
export interface ReturnRow {
  readonly creatorId: string;
  readonly payoutNumber: number;
  readonly entryKey: string;
  readonly net: string;
  readonly taxBack: string;
  readonly afterSettling: boolean;
}

/**
 * Returns a payout to its creator, who is on hold from then on. False if it was returned before.
 *
 * @throws BooksRefused `run-unknown`, `run-not-approved`, `payout-unknown`
 */
export async function returnPayout(
  sql: Sql,
  { creatorId, reason, ...by }: RunCommand & { creatorId: string; reason: string },
): Promise<boolean> {
  const [row] = await sql<{ created: boolean }[]>`
    SELECT return_payout(${by.programId}, ${by.runId}, ${creatorId}, ${reason}, ${by.effectiveAt}::date, ${by.actor}) AS created
  `.catch(asRefusal);
  if (row === undefined) {
    throw new Error('return_payout gave no row');
  }
  return row.created;
}

export async function findReturn(
  sql: Sql,
  programId: number,
  runId: string,
  creatorId: string,
): Promise<ReturnRow | undefined> {
  const [row] = await sql<ReturnRow[]>`
    SELECT b.creator_id AS "creatorId", p.payout_number AS "payoutNumber", b.entry_key AS "entryKey", b.net::text,
           b.tax_back::text AS "taxBack", b.after_settling AS "afterSettling"
    FROM payout_run r JOIN payout_return b USING (program_id, run_no) JOIN payout p USING (program_id, run_no, creator_id)
    WHERE r.program_id = ${programId} AND r.run_id = ${runId} AND b.creator_id = ${creatorId}`;
  return row;
}

/** What came back to a creator net of a tax that was remitted, or, negative, what a run paid of it; with the entry that did it. */
export interface TaxedRow {
  readonly creatorId: string;
  readonly seq: number;
  readonly amount: string;
}

export function listTaxed(sql: Sql, programId: number): Promise<TaxedRow[]> {
  return sql<TaxedRow[]>`
    SELECT t.creator_id AS "creatorId", e.seq::float8 AS seq, t.amount::text AS amount FROM (
      SELECT creator_id, entry_key, taxed AS amount FROM payout_return WHERE program_id = ${programId} AND taxed <> 0
      UNION ALL
      SELECT p.creator_id, r.entry_key, -p.taxed_before FROM payout p JOIN payout_run r USING (program_id, run_no)
      WHERE p.program_id = ${programId} AND p.status = 'due' AND p.taxed_before <> 0
    ) AS t JOIN journal_entry e ON e.program_id = ${programId} AND e.entry_key = t.entry_key`;
}

export interface RemitCall {
  readonly programId: number;
  readonly country: string;
  /** Only what this run withheld; null: all that is due. */
  readonly runId: string | null;
  readonly reference: string;
  readonly effectiveAt: string;
  readonly actor: Actor;
}

/** @throws BooksRefused `run-unknown`, `nothing-to-remit`, `reference-conflict` */
export async function remitTax(
  sql: Sql,
  call: RemitCall,
): Promise<{ entryKey: string; amount: string; created: boolean }> {
  const [row] = await sql<{ entryKey: string; amount: string; created: boolean }[]>`
    SELECT entry_key AS "entryKey", amount::text, created FROM remit_tax(
      ${call.programId}, ${call.country}, ${call.runId}, ${call.reference}, ${call.effectiveAt}::date, ${call.actor})
  `.catch(asRefusal);
  if (row === undefined) {
    throw new Error('remit_tax gave no row');
  }
  return row;
}

/** Tax that was withheld and is neither returned nor remitted. */
export function listTaxDue(sql: Sql, programId: number): Promise<{ runId: string; country: string; amount: string }[]> {
  return sql<{ runId: string; country: string; amount: string }[]>`
    SELECT r.run_id AS "runId", d.country, d.amount::text AS amount
    FROM tax_due(${programId}) d JOIN payout_run r ON r.program_id = ${programId} AND r.run_no = d.run_no
    ORDER BY r.run_no, d.country COLLATE "C"`;
}
