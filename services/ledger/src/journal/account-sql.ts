import type { Sql } from '@rewardbook/db/client';

/** Until where the books are read: up to an entry, and only what is effective until a date (null: whatever the date). */
export interface BooksUntil {
  readonly seq: number;
  readonly effective: string | null;
}

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

// No account's code is after it: they are ASCII and begin with a letter.
const BEHIND_ALL = '~';

/** A page of accounts: those whose code begins so, after a place. */
export interface AccountsPage {
  readonly prefix?: string;
  readonly after: AccountPlace;
  readonly limit: number;
}

/** Creators, both included; '' is the platform. */
export interface CreatorRange {
  readonly first: string;
  readonly last: string;
}

// What was posted after an entry to accounts of a range of creators, or of all: little, where the entry is one of the last.
const postedAfter = (sql: Sql, programId: number, seq: number, range?: CreatorRange) => sql`(
  SELECT p.creator_id, p.account, sum(greatest(p.amount, 0)) AS debit, sum(greatest(-p.amount, 0)) AS credit
  FROM journal_entry e CROSS JOIN LATERAL (
    SELECT creator_id, account, amount FROM posting
    WHERE program_id = e.program_id AND entry_id = e.entry_id
      ${range === undefined ? sql`` : sql`AND creator_id BETWEEN ${range.first} AND ${range.last}`} OFFSET 0
  ) AS p
  WHERE e.program_id = ${programId} AND e.seq > ${seq}::bigint GROUP BY p.creator_id, p.account
)`;

// Balances after an entry: those of now, less what was posted since. An account that was opened since is not there.
const balancesAfter = (sql: Sql, programId: number, seq: number, range: CreatorRange) => sql`(
  SELECT b.creator_id, b.account, b.debit - coalesce(l.debit, 0) AS debit, b.credit - coalesce(l.credit, 0) AS credit
  FROM balances_between(${programId}, ${range.first}, ${range.last}) b
  LEFT JOIN ${postedAfter(sql, programId, seq, range)} AS l ON l.creator_id = b.creator_id AND l.account = b.account
  WHERE l.account IS NULL OR (b.debit, b.credit) <> (l.debit, l.credit)
) AS balance`;

/** Accounts after an entry, one of the last, in order of creator (the platform's first) and code. */
export function listAccounts(
  sql: Sql,
  programId: number,
  seq: number,
  page: AccountsPage,
): Promise<(BalanceRow & AccountPlace)[]> {
  return inRanges(sql, programId, page, ({ prefix, after, limit }, range) => {
    return sql<(BalanceRow & AccountPlace)[]>`
      SELECT creator_id AS "creatorId", account, debit::text, credit::text, (debit - credit)::text AS balance
      FROM ${balancesAfter(sql, programId, seq, range)}
      WHERE (creator_id, account) > (${after.creatorId}, ${after.account})
        AND (${prefix ?? null}::text IS NULL OR starts_with(account, ${prefix ?? ''}))
      ORDER BY creator_id, account LIMIT ${limit}`;
  });
}

/**
 * Reads a page of accounts in ranges that hold a page of the checkpoint's accounts, so that the postings of all others
 * are not summed; each next range has four times as many. Creators new since the checkpoint are in the ranges too; the
 * last one has no end.
 */
export async function inRanges<Row extends AccountPlace>(
  sql: Sql,
  programId: number,
  { after: from, limit, ...filter }: AccountsPage,
  read: (page: AccountsPage, range: CreatorRange) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after = from;
  for (let accounts = limit; ; accounts *= 4) {
    const { last, isEnd } = await rangeEnd(sql, programId, after, accounts, filter.prefix);
    rows.push(...(await read({ ...filter, after, limit: limit - rows.length }, { first: after.creatorId, last })));
    if (rows.length === limit || isEnd) {
      return rows;
    }
    after = { creatorId: last, account: BEHIND_ALL };
  }
}

/** The creator whose account comes `accounts` places after `after`, and whether it is the last one. */
async function rangeEnd(
  sql: Sql,
  programId: number,
  after: AccountPlace,
  accounts: number,
  prefix: string | undefined,
): Promise<{ last: string; isEnd: boolean }> {
  if (prefix !== undefined && !isOfCreators(prefix)) {
    return { last: '', isEnd: true };
  }
  const [row] = await sql<{ last: string; isEnd: boolean }[]>`
    SELECT coalesce(c.last, last_creator()) AS last, c.last IS NULL AS "isEnd" FROM (
      SELECT (
        SELECT creator_id FROM balance_checkpoint
        WHERE program_id = ${programId} AND (creator_id, account) > (${after.creatorId}, ${after.account})
        ORDER BY creator_id, account OFFSET ${accounts} LIMIT 1
      ) AS last
    ) AS c`;
  if (row === undefined) {
    throw new Error('no end of a range');
  }
  return row;
}

/** Whether codes of creators' accounts can begin so. */
function isOfCreators(prefix: string): boolean {
  return prefix.startsWith('creator:') || 'creator:'.startsWith(prefix);
}

/** An account after an entry, one of the last. */
export async function findAccount(
  sql: Sql,
  programId: number,
  seq: number,
  { creatorId, account }: AccountPlace,
): Promise<BalanceRow | undefined> {
  const [row] = await sql<BalanceRow[]>`
    SELECT account, debit::text, credit::text, (debit - credit)::text AS balance
    FROM ${balancesAfter(sql, programId, seq, { first: creatorId, last: creatorId })} WHERE account = ${account}`;
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
  { after, limit, until }: { after: { seq: number; line: number }; limit: number; until: BooksUntil },
): Promise<MovementRow[]> {
  return sql<MovementRow[]>`
    SELECT seq::float8 AS seq, line, "entryKey", kind, "effectiveAt", amount::text AS amount, balance::text AS balance FROM (
      SELECT e.seq, p.line, e.entry_key AS "entryKey", e.kind, e.effective_at::text AS "effectiveAt", p.amount,
             sum(p.amount) OVER (ORDER BY e.seq, p.line) AS balance
      FROM postings_between(${programId}, ${creatorId}, ${creatorId}) p
      JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
      WHERE p.account = ${account}
        AND e.seq <= ${until.seq}::bigint AND (${until.effective}::date IS NULL OR e.effective_at <= ${until.effective}::date)
    ) AS movement
    WHERE (seq, line) > (${after.seq}::bigint, ${after.line}::integer)
    ORDER BY seq, line LIMIT ${limit}`;
}

/** Sums over all accounts of a program after an entry, one of the last. */
export async function trialTotals(
  sql: Sql,
  programId: number,
  seq: number,
): Promise<{ debit: string; credit: string }> {
  const [row] = await sql<{ debit: string; credit: string }[]>`
    SELECT coalesce(sum(debit), 0)::text AS debit, coalesce(sum(credit), 0)::text AS credit FROM (
      SELECT debit, credit FROM account_balance WHERE program_id = ${programId}
      UNION ALL
      SELECT -l.debit, -l.credit FROM ${postedAfter(sql, programId, seq)} AS l
    ) AS part`;
  return row ?? { debit: '0', credit: '0' };
}
