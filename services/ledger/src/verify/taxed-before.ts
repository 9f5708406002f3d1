import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { parseAmount } from '@rewardbook/money/amount';
import { listTaxed } from '../payouts/return-sql.ts';

/** What had come back to a creator net of a tax that was remitted, and no run had paid, up to an entry; minor units. */
export type TaxedBefore = (creatorId: string, seq: number) => bigint;

/** Keeps what returns and runs moved: there are few of them. */
export async function readTaxedBefore(sql: Sql, { programId, currency }: Program): Promise<TaxedBefore> {
  const moved = new Map<string, { seq: number; amount: bigint }[]>();
  for (const { creatorId, seq, amount } of await listTaxed(sql, programId)) {
    const moves = moved.get(creatorId) ?? [];
    moves.push({ seq, amount: parseAmount(amount, currency) });
    moved.set(creatorId, moves);
  }
  return (creatorId, seq) =>
    (moved.get(creatorId) ?? []).reduce((sum, move) => (move.seq <= seq ? sum + move.amount : sum), 0n);
}
