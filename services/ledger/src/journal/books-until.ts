import type { PointInTime } from '@rewardbook/contracts/values/point-in-time';
import { seqAt } from '@rewardbook/db/books/entries';
import { readHead } from '@rewardbook/db/books/program';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Ledger } from '../service/ledger.ts';
import type { BooksUntil } from './account-sql.ts';

/** Up to which entry, and whether that is now: balances are then the stored ones, less what was posted since. */
export interface ReadUntil extends BooksUntil {
  readonly isNow: boolean;
}

/**
 * Until where the books are to be read. What is read in several statements, or page by page, is of one moment by it: of now, that of the
 * first page.
 *
 * @param pinned the entry at which the page before was read
 */
export async function booksUntil(
  { sql }: Ledger,
  programId: number,
  { asOf, effective }: PointInTime,
  pinned?: number,
): Promise<ReadUntil> {
  const isNow = asOf === undefined && effective === undefined;
  const seq =
    pinned ??
    (asOf === undefined ? (await readHead(sql, programId)).seq : await seqAt(sql, programId, instantOf(asOf)));
  return { seq, effective: effective ?? null, isNow };
}

function instantOf(asOf: string): number {
  const instant = parseInstant(asOf);
  if (instant === undefined) {
    throw new AppError('invalid-request', `${asOf} is not an instant of RFC 3339`);
  }
  return instant;
}
