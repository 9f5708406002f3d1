import type { Sql } from '@rewardbook/db/client';
import { inBatches } from './in-batches.ts';
import type { Program } from './program.ts';

/** Sums of an account's debits and credits, both positive. */
export interface BalanceRow {
  readonly account: string;
  readonly debit: string;
  readonly credit: string;
}

/** Balances now, by account. */
export function readBalances(sql: Sql, { programId }: Program): AsyncGenerator<BalanceRow[]> {
  const query = sql<BalanceRow[]>`
    SELECT account, debit::text AS debit, credit::text AS credit FROM account_balance
    WHERE program_id = ${programId} ORDER BY account`;
  return inBatches(sql, query);
}

/** Balances over what is effective on a date or before, by account. */
export function readBalancesAt(sql: Sql, { programId, headSeq }: Program, date: string): AsyncGenerator<BalanceRow[]> {
  const query = sql<BalanceRow[]>`
    SELECT p.account, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0)::text AS debit,
           coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0)::text AS credit
    FROM journal_entry e JOIN posting p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
    WHERE e.program_id = ${programId} AND e.seq <= ${headSeq} AND e.effective_at <= ${date}
    GROUP BY p.account ORDER BY p.account`;
  return inBatches(sql, query);
}
