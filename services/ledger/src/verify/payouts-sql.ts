import type { Sql } from '@rewardbook/db/client';
import type { Finding } from './books-sql.ts';

const finding = async (rows: Promise<Finding[]>): Promise<Finding> => {
  const [row] = await rows;
  return row ?? { checked: 0, difference: null };
};

/** `payouts:clearing` has what was approved and is neither settled nor returned: nothing once every run is settled. */
export function checkClearing(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<Finding[]>`
    WITH runs AS (
      SELECT r.run_id, r.status, r.net, r.settled,
             coalesce((SELECT sum(b.net) FROM payout_return b WHERE b.program_id = r.program_id AND b.run_no = r.run_no AND NOT b.after_settling), 0) AS returned,
             coalesce((SELECT sum(p.amount) FROM journal_entry e JOIN posting p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
                       WHERE e.program_id = r.program_id AND e.entry_key = r.settlement_key AND p.creator_id = '' AND p.account = 'payouts:clearing'), 0) AS posted
      FROM payout_run r WHERE r.program_id = ${programId} AND r.entry_key IS NOT NULL
    ), left_over AS (
      SELECT coalesce(sum(net - returned - coalesce(settled, 0)), 0) AS amount, -balance_of(${programId}, 'payouts:clearing') AS balance FROM runs
    )
    SELECT (SELECT count(*) FROM runs)::float8 AS checked, coalesce(
      (SELECT min(format('run %s: settled %s, posted %s, approved less returned %s', run_id, coalesce(settled::text, 'nothing'), posted, net - returned) COLLATE "C")
         FROM runs WHERE (status = 'settled') <> (settled IS NOT NULL) OR coalesce(settled, 0) <> posted OR settled <> net - returned),
      (SELECT format('payouts:clearing has %s, what is approved and neither settled nor returned is %s', balance, amount)
         FROM left_over WHERE amount <> balance)) AS difference`);
}

/** No overpayment: after each payout the creator's payable is not below zero, and each is of one run's row. */
export function checkPaidOnce(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<Finding[]>`
    WITH paying AS (
      SELECT e.seq, e.entry_id, e.entry_key, r.run_no FROM journal_entry e
      LEFT JOIN payout_run r ON r.program_id = e.program_id AND r.entry_key = e.entry_key
      WHERE e.program_id = ${programId} AND e.kind = 'payout'
    ), running AS (
      SELECT p.creator_id, e.kind, e.entry_key, sum(p.amount) OVER (PARTITION BY p.creator_id ORDER BY e.seq, p.line) AS balance
      FROM posting p JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
      WHERE p.program_id = ${programId} AND p.creator_id <> '' AND right(p.account, 8) = ':payable'
        AND EXISTS (SELECT 1 FROM paying)
    ), paid AS (
      SELECT g.run_no, g.entry_key, p.creator_id, count(*) AS lines, sum(p.amount) AS amount
      FROM paying g JOIN posting p ON p.program_id = ${programId} AND p.entry_id = g.entry_id AND p.creator_id <> ''
      GROUP BY g.run_no, g.entry_key, p.creator_id
    ), due AS (
      SELECT p.run_no, p.creator_id, p.gross FROM payout p JOIN payout_run r USING (program_id, run_no)
      WHERE p.program_id = ${programId} AND r.entry_key IS NOT NULL AND p.status = 'due'
    ), compared AS (
      SELECT coalesce(d.run_no, p.run_no) AS run_no, coalesce(d.creator_id, p.creator_id) AS creator_id, d.gross, p.amount, p.lines
      FROM due d FULL JOIN paid p ON p.run_no = d.run_no AND p.creator_id = d.creator_id
    )
    SELECT (SELECT count(*) FROM compared)::float8 AS checked, coalesce(
      (SELECT min(format('entry %s pays, and no run has it', entry_key) COLLATE "C") FROM paying WHERE run_no IS NULL),
      (SELECT min(format('run %s, creator %s: due %s, posted %s in %s lines', run_no, creator_id, coalesce(gross::text, 'nothing'),
                         coalesce(amount::text, 'nothing'), coalesce(lines, 0)) COLLATE "C")
         FROM compared WHERE gross IS DISTINCT FROM amount OR lines <> 1),
      (SELECT min(format('creator %s was paid more than there was by %s', creator_id, entry_key) COLLATE "C")
         FROM running WHERE kind = 'payout' AND balance > 0)) AS difference`);
}

/** A returned payout is back whole, once, and its creator was put on hold; tax accounts have what is neither returned nor remitted. */
export function checkReturnsAndTax(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<Finding[]>`
    WITH back AS (
      SELECT coalesce(b.entry_key, e.entry_key) AS entry_key, b.creator_id, b.net, b.tax_back, b.taxed, p.net AS paid, p.withheld,
             CASE WHEN p.withheld <> 0 AND b.tax_back = 0 THEN p.net ELSE p.taxed_before END AS expected_taxed,
             (SELECT -sum(x.amount) FROM posting x WHERE x.program_id = ${programId} AND x.entry_id = e.entry_id AND x.creator_id = b.creator_id) AS posted,
             EXISTS (SELECT 1 FROM creator_hold h WHERE h.program_id = ${programId} AND h.creator_id = b.creator_id AND h.reason = 'returned') AS held
      FROM (SELECT * FROM payout_return WHERE program_id = ${programId}) AS b
      LEFT JOIN payout p ON p.program_id = ${programId} AND p.creator_id = b.creator_id AND p.run_no = b.run_no AND p.status = 'due'
      FULL JOIN (SELECT * FROM journal_entry WHERE program_id = ${programId} AND kind = 'payout-return') AS e ON e.entry_key = b.entry_key
    ), due AS (
      SELECT 'tax:' || country AS account, sum(amount) AS amount FROM tax_due(${programId}) GROUP BY country
    ), taxes AS (
      SELECT coalesce(a.account, d.account) AS account, coalesce(a.credit - a.debit, 0) AS balance, coalesce(d.amount, 0) AS due
      FROM (SELECT * FROM account_balance WHERE program_id = ${programId} AND creator_id = '' AND starts_with(account, 'tax:')) AS a
      FULL JOIN due d ON d.account = a.account
    )
    SELECT ((SELECT count(*) FROM back) + (SELECT count(*) FROM taxes))::float8 AS checked, coalesce(
      (SELECT min(format('return %s of creator %s: paid %s and withheld %s, back %s and %s, posted %s', entry_key, coalesce(creator_id, 'nobody'), paid, withheld, net, tax_back, posted) COLLATE "C")
         FROM back WHERE net IS DISTINCT FROM paid OR tax_back NOT IN (0, withheld) OR posted IS DISTINCT FROM net + tax_back OR NOT held),
      (SELECT min(format('return %s of creator %s: %s of it was taxed, noted is %s', entry_key, creator_id, expected_taxed, taxed) COLLATE "C")
         FROM back WHERE taxed IS DISTINCT FROM expected_taxed),
      (SELECT min(format('%s has %s, due is %s', account, balance, due) COLLATE "C") FROM taxes WHERE balance <> due)) AS difference`);
}

/**
 * What a close held back is its share of the allocation, or what was payable then where that was less. What is kept of the holdbacks is
 * what `held` has; it is released when it is due and not before, but for what clawbacks took out of it.
 */
export function checkHoldbacks(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<Finding[]>`
    WITH closes AS (
      SELECT c.period, c.close_no, c.attempt_id, c.entry_key, c.closed_at, h.close_no IS NOT NULL AS done, h.held_key, r.seq AS release_seq, g.digits,
             (v.policy::jsonb #>> '{payout,holdback,share}')::numeric AS share, (v.policy::jsonb #>> '{payout,holdback,periods}')::integer AS periods
      FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
      JOIN program g ON g.program_id = c.program_id
      LEFT JOIN close_holdback h ON h.program_id = c.program_id AND h.close_no = c.close_no
      LEFT JOIN journal_entry r ON r.program_id = c.program_id AND r.entry_key = h.release_key
      WHERE c.program_id = ${programId} AND c.status = 'closed'
    ), moves AS (
      SELECT p.creator_id, right(p.account, 5) = ':held' AS is_held, e.seq, p.line, e.entry_key, e.kind, -p.amount AS amount,
             -sum(p.amount) OVER (PARTITION BY p.creator_id, p.account ORDER BY e.seq, p.line) AS balance
      FROM posting p JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
      WHERE p.program_id = ${programId} AND p.creator_id <> '' AND EXISTS (SELECT 1 FROM closes WHERE share > 0)
    ), expected AS (  -- nothing touches a payable between a close and its holdback
      SELECT c.close_no, a.creator_id, least(trunc(a.amount * c.share, c.digits), m.balance) AS amount, c.close_no + c.periods AS due_close
      FROM closes c CROSS JOIN LATERAL given_to(${programId}, c.attempt_id) a
      JOIN (
        SELECT DISTINCT ON (entry_key, creator_id) entry_key, creator_id, balance FROM moves
        WHERE NOT is_held AND kind = 'close' ORDER BY entry_key, creator_id, line DESC
      ) AS m ON m.entry_key = c.entry_key AND m.creator_id = a.creator_id
      WHERE c.done AND c.share > 0
    ), posted AS (
      SELECT c.close_no, m.creator_id, m.amount FROM closes c JOIN moves m ON m.entry_key = c.held_key AND m.is_held
    ), clawed AS (
      SELECT w.entry_key, w.creator_id, w.close_no, w.amount, is_reversed(${programId}, w.entry_key) AS is_back
      FROM holdback_clawback w WHERE w.program_id = ${programId}
    ), taken AS (
      SELECT close_no, creator_id, coalesce(sum(amount) FILTER (WHERE NOT is_back), 0) AS clawed, bool_or(is_back) AS came_back
      FROM clawed GROUP BY close_no, creator_id
    ), held AS (
      SELECT close_no, creator_id, b.amount, b.due_close, b.kept, e.amount AS expected, e.due_close AS expected_due, p.amount AS posted,
             coalesce(t.clawed, 0) AS clawed, coalesce(t.came_back, false) AS came_back,
             b.due_close <= (SELECT max(d.close_no) FROM closes d WHERE d.done) AS is_due
      FROM (SELECT * FROM holdback WHERE program_id = ${programId}) AS b
      FULL JOIN (SELECT * FROM expected WHERE amount > 0) AS e USING (close_no, creator_id)
      FULL JOIN posted p USING (close_no, creator_id)
      LEFT JOIN taken t USING (close_no, creator_id)
    ), kept AS (
      SELECT creator_id, sum(kept) AS kept, sum(amount - clawed - kept) AS released FROM held GROUP BY creator_id
    ), balances AS (
      SELECT creator_id, sum(amount) AS balance, coalesce(-sum(amount) FILTER (WHERE kind = 'release'), 0) AS released
      FROM moves WHERE is_held GROUP BY creator_id
    ), early AS (
      SELECT c.period, m.creator_id FROM closes c
      JOIN (SELECT creator_id, seq, -sum(amount) OVER (PARTITION BY creator_id ORDER BY seq) AS released FROM moves WHERE is_held AND kind = 'release') AS m
        ON m.seq = c.release_seq
      WHERE m.released > (SELECT coalesce(sum(b.amount), 0) FROM holdback b
                          WHERE b.program_id = ${programId} AND b.creator_id = m.creator_id AND b.due_close <= c.close_no)
    ), clawbacks AS (
      SELECT m.entry_key, m.creator_id, -m.amount AS posted, (SELECT sum(w.amount) FROM clawed w WHERE w.entry_key = m.entry_key AND w.creator_id = m.creator_id) AS noted
      FROM moves m WHERE m.is_held AND m.kind = 'clawback'
    )
    SELECT ((SELECT count(*) FROM closes) + (SELECT count(*) FROM held))::float8 AS checked, coalesce(
      (SELECT min(format('the holdback of %s is still not posted', period) COLLATE "C")
         FROM closes WHERE NOT done AND share > 0 AND closed_at < now() - interval '15 minutes'),
      (SELECT min(format('holdback of close %s, creator %s: %s until close %s, posted %s, by the policy %s until close %s', close_no, creator_id,
                         coalesce(amount::text, 'nothing'), due_close, coalesce(posted::text, 'nothing'), coalesce(expected::text, 'nothing'), expected_due) COLLATE "C")
         FROM held WHERE amount IS DISTINCT FROM expected OR amount IS DISTINCT FROM posted OR due_close IS DISTINCT FROM expected_due),
      (SELECT min(format('clawback %s took %s out of what is held from creator %s, noted is %s', entry_key, posted, creator_id, coalesce(noted, 0)) COLLATE "C")
         FROM clawbacks WHERE noted IS DISTINCT FROM posted),
      (SELECT min(format('holdback of close %s, creator %s: %s of %s is kept, %s was clawed back, and it is %s due', close_no, creator_id, kept, amount, clawed,
                         CASE WHEN is_due THEN 'already' ELSE 'not yet' END) COLLATE "C")
         FROM held WHERE CASE WHEN is_due THEN kept > 0 AND NOT came_back ELSE amount <> clawed + kept END),
      (SELECT min(format('the release after %s gave creator %s more than was due', period, creator_id) COLLATE "C") FROM early),
      (SELECT min(format('creator %s: %s is held and %s was released, by the holdbacks %s and %s', creator_id, coalesce(balance, 0), coalesce(b.released, 0),
                         coalesce(kept, 0), coalesce(k.released, 0)) COLLATE "C")
         FROM kept k FULL JOIN balances b USING (creator_id)
         WHERE coalesce(kept, 0) <> coalesce(balance, 0) OR coalesce(k.released, 0) <> coalesce(b.released, 0))) AS difference`);
}

/** Every run's decisions are logged, with the hash of what was decided on, none is approved after a later close; where a second person was needed, there were two. */
export function checkDecisions(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<Finding[]>`
    WITH decided AS (
      SELECT r.run_id, r.drafted_by, r.approved_by, r.entry_key, v.policy::jsonb -> 'approvals' ? 'payouts' AS by_two,
             EXISTS (SELECT 1 FROM payout_decision d WHERE d.program_id = r.program_id AND d.run_no = r.run_no AND d.decision = 'draft'
                       AND d.actor = r.drafted_by AND d.content_hash = r.content_hash) AS drafted,
             EXISTS (SELECT 1 FROM payout_decision d WHERE d.program_id = r.program_id AND d.run_no = r.run_no AND d.decision = 'approve'
                       AND d.actor = r.approved_by AND d.content_hash = r.content_hash) AS approved,
             (SELECT e.details::jsonb ->> 'contentHash' = r.content_hash AND e.details::jsonb ->> 'draftedBy' = r.drafted_by AND e.details::jsonb ->> 'approvedBy' = r.approved_by
                FROM journal_entry e WHERE e.program_id = r.program_id AND e.entry_key = r.entry_key) AS journalled,
             (SELECT min(c.entry_key COLLATE "C") FROM journal_entry e
                JOIN journal_entry c ON c.program_id = e.program_id AND c.kind = 'close' AND c.seq > r.drafted_seq AND c.seq < e.seq
                WHERE e.program_id = r.program_id AND e.entry_key = r.entry_key) AS later_close
      FROM payout_run r JOIN policy_version v ON v.program_id = r.program_id AND v.version = r.policy_version
      WHERE r.program_id = ${programId}
    ), requests AS (
      SELECT a.*, encode(sha256(convert_to(a.payload, 'UTF8')), 'hex') AS computed FROM approval_request a WHERE a.program_id = ${programId}
    )
    SELECT ((SELECT count(*) FROM decided) + (SELECT count(*) FROM requests))::float8 AS checked, coalesce(
      (SELECT min(format('run %s: its decisions are not logged as they were made', run_id) COLLATE "C")
         FROM decided WHERE NOT drafted OR (entry_key IS NOT NULL) <> approved OR journalled = false),
      (SELECT min(format('run %s was approved though %s came after its draft', run_id, later_close) COLLATE "C") FROM decided WHERE later_close IS NOT NULL),
      (SELECT min(format('run %s was drafted and approved by %s', run_id, drafted_by) COLLATE "C") FROM decided WHERE by_two AND drafted_by = approved_by),
      (SELECT min(format('request %s: %s', request_no, CASE WHEN computed <> payload_hash THEN 'its hash is not that of its contents' ELSE 'carried out without a second person' END) COLLATE "C")
         FROM requests WHERE computed <> payload_hash OR (status IN ('approved', 'executed', 'failed') AND decided_by IS NULL))) AS difference`);
}

/** A reversal names the entry it reverses, which no other does, and has its postings negated. */
export function checkReversals(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<Finding[]>`
    WITH reversals AS (
      SELECT e.entry_key, e.entry_id, e.reverses, o.entry_id AS original, count(*) OVER (PARTITION BY e.reverses) AS times
      FROM journal_entry e LEFT JOIN journal_entry o ON o.program_id = e.program_id AND o.entry_key = e.reverses
      WHERE e.program_id = ${programId} AND e.kind = 'reversal'
    )
    SELECT count(*)::float8 AS checked,
           min(format('%s does not negate %s, once', entry_key, coalesce(reverses, 'anything')) COLLATE "C") FILTER (
             WHERE original IS NULL OR times > 1 OR EXISTS (
               SELECT 1 FROM (SELECT * FROM posting WHERE program_id = ${programId} AND entry_id = r.entry_id) AS n
               FULL JOIN (SELECT * FROM posting WHERE program_id = ${programId} AND entry_id = r.original) AS o ON o.line = n.line
               WHERE (n.account, n.amount) IS DISTINCT FROM (o.account, -o.amount))) AS difference
    FROM reversals r`);
}
