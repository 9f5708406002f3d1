import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import type { AdjustmentKind } from '@rewardbook/domain/books/adjustment';

export interface Posted {
  readonly entryKey: string;
  /** False where it was posted before. */
  readonly created: boolean;
}

interface EntryCommand {
  readonly programId: number;
  /** `YYYY-MM-DD` */
  readonly effectiveAt: string;
  readonly actor: Actor;
}

export interface AdjustmentCall extends EntryCommand {
  readonly kind: AdjustmentKind;
  readonly creatorId: string;
  /** Major units with the currency's digits. */
  readonly amount: string;
  readonly reason: string;
  readonly reference: string;
}

const posted = async (rows: Promise<Posted[]>): Promise<Posted> => {
  const [row] = await rows.catch(asRefusal);
  if (row === undefined) {
    throw new Error('a function gave no row');
  }
  return row;
};

/** @throws BooksRefused `creator-unknown`, `bad-adjustment`, `reference-conflict`, `approval-needed` */
export function postAdjustment(sql: Sql, call: AdjustmentCall): Promise<Posted> {
  return posted(sql<Posted[]>`
    SELECT entry_key AS "entryKey", created FROM post_adjustment(
      ${call.programId}, ${call.kind}, ${call.creatorId}, ${call.amount}, ${call.reason}, ${call.reference},
      ${call.effectiveAt}::date, ${call.actor})`);
}

/** @throws BooksRefused `entry-unknown`, `not-reversible`, `approval-needed` */
export function reverseEntry(sql: Sql, call: EntryCommand & { entryKey: string; reason: string }): Promise<Posted> {
  return posted(sql<Posted[]>`
    SELECT entry_key AS "entryKey", created FROM reverse_entry(
      ${call.programId}, ${call.entryKey}, ${call.reason}, ${call.effectiveAt}::date, ${call.actor})`);
}

export interface CashCall extends EntryCommand {
  readonly kind: 'receipt' | 'funding';
  readonly amount: string;
  readonly reference: string;
  readonly note: string | null;
}

/** @throws BooksRefused `bad-adjustment`, `reference-conflict` */
export function bookCash(sql: Sql, call: CashCall): Promise<Posted> {
  return posted(sql<Posted[]>`
    SELECT entry_key AS "entryKey", created FROM book_cash(
      ${call.programId}, ${call.kind}, ${call.amount}, ${call.reference}, ${call.note}, ${call.effectiveAt}::date, ${call.actor})`);
}
