import type { Sql } from '@rewardbook/db/client';
import type { BooksUntil } from './balance-at-store.ts';

/** An account's balance row: sums of its debits and credits in major units. */
export interface BalanceRow {
  readonly account: string;
  readonly debit: string;
  readonly credit: string;
  readonly balance: string;
}

/** Where a page of accounts begins: after this one, in order of creator and code. */
export interface AccountPlace {
  readonly creatorId: string;
  readonly account: string;
}

/** Accounts in order of creator (the platform's first) and code. */
export function listAccounts(
  sql: Sql,
  programId: number,
  { prefix, after, limit }: { prefix?: string; after?: AccountPlace; limit: number },
): Promise<(BalanceRow & AccountPlace)[]> {
  return sql<(BalanceRow & AccountPlace)[]>`
    SELECT creator_id AS "creatorId", account, debit::text, credit::text, (debit - credit)::text AS balance
    FROM account_balance
    WHERE program_id = ${programId} AND (creator_id, account) > (${after?.creatorId ?? ''}, ${after?.account ?? ''})
      AND (${prefix ?? null}::text IS NULL OR starts_with(account, ${prefix ?? ''}))
    ORDER BY creator_id, account LIMIT ${limit}`;
}

/** @param creatorId whose account it is; '' for the platform's */
export async function findAccount(
  sql: Sql,
  programId: number,
  creatorId: string,
  account: string,
): Promise<BalanceRow | undefined> {
  const [row] = await sql<BalanceRow[]>`
    SELECT account, debit::text, credit::text, (debit - credit)::text AS balance
    FROM account_balance WHERE program_id = ${programId} AND creator_id = ${creatorId} AND account = ${account}`;
  return row;
}

/** A posting of an account with its entry, and the account's balance after it. */
export interface MovementRow {
  readonly seq: number;
  readonly line: number;
  readonly entryKey: string;
  readonly kind: string;
  readonly effectiveAt: string;
  readonly amount: string;
  readonly balance: string;
}

/** Movements of an account in order of seq and line. The balance runs over all of them, hence the window before the page. */
export function listMovements(
  sql: Sql,
  programId: number,
  { creatorId, account }: AccountPlace,
  { after, limit, until }: { after: { seq: number; line: number }; limit: number; until: BooksUntil | undefined },
): Promise<MovementRow[]> {
  return sql<MovementRow[]>`
    SELECT seq::float8 AS seq, line, "entryKey", kind, "effectiveAt", amount::text AS amount, balance::text AS balance FROM (
      SELECT e.seq, p.line, e.entry_key AS "entryKey", e.kind, e.effective_at::text AS "effectiveAt", p.amount,
             sum(p.amount) OVER (ORDER BY e.seq, p.line) AS balance
      FROM posting p JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
      WHERE p.program_id = ${programId} AND p.creator_id = ${creatorId} AND p.account = ${account}
        AND (${until?.seq ?? null}::bigint IS NULL OR e.seq <= ${until?.seq ?? null}::bigint)
        AND (${until?.effective ?? null}::date IS NULL OR e.effective_at <= ${until?.effective ?? null}::date)
    ) AS movement
    WHERE (seq, line) > (${after.seq}::bigint, ${after.line}::integer)
    ORDER BY seq, line LIMIT ${limit}`;
}

/** Sums over all accounts of a program. */
export async function trialTotals(sql: Sql, programId: number): Promise<{ debit: string; credit: string }> {
  const [row] = await sql<{ debit: string; credit: string }[]>`
    SELECT coalesce(sum(debit), 0)::text AS debit, coalesce(sum(credit), 0)::text AS credit
    FROM account_balance WHERE program_id = ${programId}`;
  return row ?? { debit: '0', credit: '0' };
}
