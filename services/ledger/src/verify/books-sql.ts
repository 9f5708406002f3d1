import type { Sql } from '@rewardbook/db/client';
import type { PostingRow } from '../journal/sql.ts';

/** What a check in SQL found: how many things it looked at, and the first difference in words, or null. */
export interface Finding {
  readonly checked: number;
  readonly difference: string | null;
}

type FindingRow = { checked: number; difference: string | null };

const finding = async (rows: Promise<FindingRow[]>): Promise<Finding> => {
  const [row] = await rows;
  return row ?? { checked: 0, difference: null };
};

/** Postings of an entry by line, with whose account each is, one by one. */
export async function readPostings(
  sql: Sql,
  programId: number,
  entryId: string,
  each: (posting: PostingRow & { creatorId: string }) => void,
): Promise<void> {
  await sql<(PostingRow & { creatorId: string })[]>`
    SELECT line, account, amount::text AS amount, creator_id AS "creatorId" FROM posting
    WHERE program_id = ${programId} AND entry_id = ${entryId}::bigint ORDER BY line`.forEach(each);
}

/** Every balance, made of the checkpoint and what was posted since, is the sum of all of its account's postings in the journal. */
export function checkBalances(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH posted AS (
      SELECT p.creator_id, p.account, sum(greatest(p.amount, 0)) AS debit, sum(greatest(-p.amount, 0)) AS credit
      FROM journal_entry e JOIN posting p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
      WHERE e.program_id = ${programId} GROUP BY p.creator_id, p.account
    ), compared AS (
      SELECT coalesce(b.account, p.account) AS account, b.debit AS balance_debit, b.credit AS balance_credit, p.debit, p.credit
      FROM (SELECT * FROM account_balance WHERE program_id = ${programId}) AS b
      FULL JOIN posted p ON p.creator_id = b.creator_id AND p.account = b.account
    )
    SELECT count(*)::float8 AS checked, coalesce(
           (SELECT format('the balances'' checkpoint is at entry %s, the journal ends with %s', rolled_seq, seq)
              FROM program_head WHERE program_id = ${programId} AND rolled_seq > seq),
           min(format('account %s: its balance says debit %s and credit %s, its postings come to %s and %s', account,
                      coalesce(balance_debit::text, 'nothing'), coalesce(balance_credit::text, 'nothing'),
                      coalesce(debit::text, 'nothing'), coalesce(credit::text, 'nothing')) COLLATE "C")
             FILTER (WHERE (balance_debit, balance_credit) IS DISTINCT FROM (debit, credit))) AS difference
    FROM compared`);
}

/** The trial balance: debits and credits of all accounts are equal. */
export function checkTrialBalance(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    SELECT count(*)::float8 AS checked,
           CASE WHEN sum(debit) <> sum(credit) THEN format('debits are %s, credits %s', sum(debit), sum(credit)) END AS difference
    FROM account_balance WHERE program_id = ${programId}`);
}

/** A posting belongs to an entry of the journal. */
export function checkStrayPostings(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH counted AS (
      SELECT entry_id, sum(lines) AS lines FROM (
        SELECT entry_id, count(*) AS lines FROM posting_line WHERE program_id = ${programId} GROUP BY entry_id
        UNION ALL
        SELECT entry_id, sum(cardinality(creator_ids)) FROM posting_sheet WHERE program_id = ${programId} GROUP BY entry_id
      ) AS part GROUP BY entry_id
    )
    SELECT coalesce(sum(lines), 0)::float8 AS checked,
           min(CASE WHEN e.entry_id IS NULL THEN format('%s postings under entry %s, which is not in the journal', lines, c.entry_id) END COLLATE "C") AS difference
    FROM counted c LEFT JOIN journal_entry e ON e.program_id = ${programId} AND e.entry_id = c.entry_id`);
}

/** The sheets of an entry have each creator once, in order, or a creator's postings would not be found; only closes and payouts have them. */
export function checkSheets(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH listed AS (
      SELECT s.entry_id, u.creator_id, u.place, s.first_line + u.place - 1 AS line, s.first_creator,
             lag(u.creator_id) OVER (PARTITION BY s.entry_id ORDER BY s.first_line, u.place) AS before
      FROM posting_sheet s CROSS JOIN LATERAL unnest(s.creator_ids) WITH ORDINALITY AS u (creator_id, place)
      WHERE s.program_id = ${programId}
    )
    SELECT count(*)::float8 AS checked,
           min(CASE WHEN e.kind NOT IN ('close', 'payout') THEN format('entry %s is a %s and has sheets', e.entry_key, e.kind)
                    WHEN l.before >= l.creator_id OR (l.place = 1 AND l.first_creator <> l.creator_id)
                      THEN format('entry %s: creator %s on line %s is not in order', e.entry_key, l.creator_id, l.line) END COLLATE "C") AS difference
    FROM listed l JOIN journal_entry e ON e.program_id = ${programId} AND e.entry_id = l.entry_id`);
}

/** A close empties its pool, and only what it could not give away is in the rollover. */
export function checkPools(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH closes AS (
      SELECT c.*, lag(c.period) OVER w AS before, lag(c.undistributed) OVER w AS undistributed_before,
             lag(c.revenue_carried_out) OVER w AS carried_before, lag(v.policy::jsonb ->> 'undistributed') OVER w AS kept_before,
             v.policy::jsonb ->> 'undistributed' AS keeps, lead(c.period) OVER w AS next
      FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
      WHERE c.program_id = ${programId} AND c.status = 'closed'
      WINDOW w AS (ORDER BY c.close_no)
    ), kept AS (
      SELECT *, CASE WHEN kept_before = 'rollover' THEN undistributed_before ELSE 0 END AS expected_in FROM closes
    )
    SELECT count(*)::float8 AS checked, min(CASE
        WHEN balance_of(${programId}, 'pool:' || period) <> 0
          THEN format('pool:%s still holds %s', period, -balance_of(${programId}, 'pool:' || period))
        WHEN rolled_over <> expected_in THEN format('period %s took %s out of the rollover, %s had left %s there', period, rolled_over, coalesce(before, 'nobody'), expected_in)
        WHEN revenue_carried_in <> coalesce(carried_before, 0) THEN format('period %s carries in revenue of %s, %s carried out %s', period, revenue_carried_in, coalesce(before, 'nobody'), coalesce(carried_before, 0))
        WHEN pool <> funded + rolled_over OR pool <> allocated + undistributed
          THEN format('the pool of %s does not add up: %s = %s + %s = %s + %s', period, pool, funded, rolled_over, allocated, undistributed)
        WHEN next IS NULL AND -balance_of(${programId}, 'pool:rollover') <> CASE WHEN keeps = 'rollover' THEN undistributed ELSE 0 END
          THEN format('pool:rollover holds %s, %s left %s undistributed', -balance_of(${programId}, 'pool:rollover'), period, undistributed)
      END COLLATE "C") AS difference
    FROM kept`);
}

/** Each booking of revenue is an entry of the journal with its amount, and the other way round. */
export function checkRevenue(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH entries AS (
      SELECT e.entry_key, e.reverses, e.details::jsonb ->> 'period' AS period, e.details::jsonb ->> 'reference' AS reference,
             (SELECT sum(p.amount) FROM posting p WHERE p.program_id = e.program_id AND p.creator_id = '' AND p.entry_id = e.entry_id
               AND p.account = 'platform:ad-receivable') AS amount
      FROM journal_entry e WHERE e.program_id = ${programId} AND e.kind = 'revenue'
    ), bookings AS (
      SELECT r.*, e.entry_key AS posted_key, e.period AS posted_period, e.reference AS posted_reference, e.amount AS posted_amount, e.reverses
      FROM (SELECT * FROM revenue WHERE program_id = ${programId}) AS r FULL JOIN entries e ON e.entry_key = r.entry_key
    ), used AS (
      SELECT c.period, c.revenue_entries, (SELECT sum(r.amount) FROM revenue r WHERE r.program_id = c.program_id AND r.period = c.period) AS booked
      FROM close c WHERE c.program_id = ${programId}
    )
    SELECT (SELECT count(*) FROM bookings)::float8 AS checked, coalesce(
      (SELECT min(CASE
          WHEN reference IS NULL THEN format('entry %s books revenue that is not in the list of revenue', posted_key)
          WHEN posted_key IS NULL THEN format('revenue %s has no entry in the journal', reference)
          ELSE format('revenue %s: %s for %s correcting %s, its entry says %s for %s correcting %s', reference, amount, period,
                      coalesce(corrects, 'nothing'), posted_amount, posted_period, coalesce(reverses, 'nothing'))
        END COLLATE "C") FROM bookings
        WHERE (reference, period, amount, corrects) IS DISTINCT FROM (posted_reference, posted_period, posted_amount, reverses)),
      (SELECT min(format('the close of %s used revenue of %s, booked is %s', period, revenue_entries, booked) COLLATE "C")
         FROM used WHERE revenue_entries IS DISTINCT FROM booked)) AS difference`);
}

/** All that a close gives each creator is in the postings of its entry, and together they are what the period says was allocated. */
export function checkAllocations(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH closed AS (
      SELECT c.period, c.attempt_id, c.allocated, e.entry_id, c.entry_key
      FROM close c LEFT JOIN journal_entry e ON e.program_id = c.program_id AND e.entry_key = c.entry_key
      WHERE c.program_id = ${programId} AND c.status = 'closed'
    ), given AS (
      SELECT c.period, a.creator_id, a.amount FROM closed c CROSS JOIN LATERAL given_to(${programId}, c.attempt_id) a
    ), posted AS (
      SELECT c.period, p.creator_id, -sum(p.amount) AS amount
      FROM closed c JOIN posting p ON p.program_id = ${programId} AND p.entry_id = c.entry_id AND p.creator_id <> ''
      GROUP BY c.period, p.creator_id
    ), compared AS (
      SELECT coalesce(g.period, p.period) AS period, coalesce(g.creator_id, p.creator_id) AS creator_id, g.amount AS given, p.amount AS posted
      FROM given g FULL JOIN posted p ON p.period = g.period AND p.creator_id = g.creator_id
    )
    SELECT (SELECT count(*) FROM compared)::float8 AS checked, coalesce(
      (SELECT min(format('period %s has no entry %s in the journal', period, entry_key) COLLATE "C") FROM closed WHERE entry_id IS NULL),
      (SELECT min(format('period %s, creator %s: allocated %s, posted %s', period, creator_id, coalesce(given::text, 'nothing'), coalesce(posted::text, 'nothing')) COLLATE "C")
         FROM compared WHERE coalesce(given, 0) <> coalesce(posted, 0)),
      (SELECT min(format('period %s says %s was allocated, its allocations come to %s', period, allocated, total) COLLATE "C")
         FROM (SELECT c.period, c.allocated, coalesce(sum(a.amount), 0) AS total FROM closed c
               LEFT JOIN allocation a ON a.program_id = ${programId} AND a.attempt_id = c.attempt_id GROUP BY 1, 2) AS sums
         WHERE allocated <> total)) AS difference`);
}
