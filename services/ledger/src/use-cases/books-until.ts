import type { PointInTime } from '@rewardbook/contracts/point-in-time';
import { parseInstant } from '@rewardbook/domain/instant';
import { AppError } from '@rewardbook/runtime/errors';
import { type BooksUntil, seqAt } from '../store/balance-at-store.ts';
import { readHead } from '../store/program-store.ts';
import type { Ledger } from './ledger.ts';

/** Until where the books are to be read; undefined for the present, whose balances are kept. */
export async function booksUntil(
  { sql }: Ledger,
  programId: number,
  { asOf, effective }: PointInTime,
): Promise<BooksUntil | undefined> {
  if (asOf === undefined && effective === undefined) return undefined;
  if (asOf === undefined) return { seq: (await readHead(sql, programId)).seq, effective: effective ?? null };
  const instant = parseInstant(asOf);
  if (instant === undefined) throw new AppError('invalid-request', `${asOf} is not an instant of RFC 3339`);
  return { seq: await seqAt(sql, programId, instant), effective: effective ?? null };
}
