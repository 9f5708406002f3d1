import { inBatches, type ReportSource } from '../../service/read-cursor.ts';
import type { ReportedProgram } from '../../service/reported-program.ts';

/** Sums of an account's debits and credits, both positive. */
export type AccountTotals = {
  readonly account: string;
  readonly debit: string;
  readonly credit: string;
};

/** Balances now, by account. */
export function readBalances(source: ReportSource, { programId }: ReportedProgram): AsyncGenerator<AccountTotals[]> {
  return inBatches<AccountTotals>(source, {
    text: `SELECT account, debit::text AS debit, credit::text AS credit FROM account_balance
           WHERE program_id = $1 ORDER BY account`,
    values: [programId],
  });
}

/**
 * Balances over the entries up to the program's head, by account.
 *
 * @param date only what is effective on it or before
 */
export function readBalancesAt(
  source: ReportSource,
  { programId, headSeq }: ReportedProgram,
  date: string | undefined,
): AsyncGenerator<AccountTotals[]> {
  return inBatches<AccountTotals>(source, {
    text: `
      SELECT p.account, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0)::text AS debit,
             coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0)::text AS credit
      FROM journal_entry e JOIN posting p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
      WHERE e.program_id = $1 AND e.seq <= $2 AND ($3::date IS NULL OR e.effective_at <= $3::date)
      GROUP BY p.account ORDER BY p.account`,
    values: [programId, headSeq, date ?? null],
  });
}
