import type { Sql } from '@rewardbook/db/client';
import type { BooksUntil } from './account-sql.ts';
import { type AccountPlace, type AccountsPage, type BalanceRow, type CreatorRange, inRanges } from './account-sql.ts';

const counts = (sql: Sql, { seq, effective }: BooksUntil) =>
  sql`e.seq <= ${seq}::bigint AND (${effective}::date IS NULL OR e.effective_at <= ${effective}::date)`;

// Postings of a range of creators that count until then.
const posted = (sql: Sql, programId: number, until: BooksUntil, { first, last }: CreatorRange) => sql`
  FROM postings_between(${programId}, ${first}, ${last}) p
  JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
  WHERE ${counts(sql, until)}`;

const sums = (sql: Sql) => sql`
  coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0) AS debit, coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0) AS credit`;

/** Accounts at a point in time in order of creator (the platform's first) and code, summed from their postings. */
export function listAccountsAt(
  sql: Sql,
  programId: number,
  until: BooksUntil,
  page: AccountsPage,
): Promise<(BalanceRow & AccountPlace)[]> {
  return inRanges(sql, programId, page, ({ prefix, after, limit }, range) => {
    return sql<(BalanceRow & AccountPlace)[]>`
      SELECT creator_id AS "creatorId", account, debit::text, credit::text, (debit - credit)::text AS balance FROM (
        SELECT p.creator_id, p.account, ${sums(sql)} ${posted(sql, programId, until, range)}
          AND (p.creator_id, p.account) > (${after.creatorId}, ${after.account})
          AND (${prefix ?? null}::text IS NULL OR starts_with(p.account, ${prefix ?? ''}))
        GROUP BY p.creator_id, p.account ORDER BY p.creator_id, p.account LIMIT ${limit}
      ) AS page ORDER BY creator_id, account`;
  });
}

/** @param creatorId whose account it is; '' for the platform's */
export async function findAccountAt(
  sql: Sql,
  programId: number,
  until: BooksUntil,
  { creatorId, account }: AccountPlace,
): Promise<BalanceRow | undefined> {
  const [row] = await sql<BalanceRow[]>`
    SELECT account, debit::text, credit::text, (debit - credit)::text AS balance FROM (
      SELECT p.account, ${sums(sql)} ${posted(sql, programId, until, { first: creatorId, last: creatorId })} AND p.account = ${account}
      GROUP BY p.account
    ) AS one`;
  return row;
}

/** Sums over all accounts at a point in time. */
export async function trialTotalsAt(
  sql: Sql,
  programId: number,
  until: BooksUntil,
): Promise<{ debit: string; credit: string }> {
  const [row] = await sql<{ debit: string; credit: string }[]>`
    SELECT debit::text, credit::text FROM (
      SELECT ${sums(sql)} FROM posting p JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
      WHERE e.program_id = ${programId} AND ${counts(sql, until)}
    ) AS total`;
  return row ?? { debit: '0', credit: '0' };
}
