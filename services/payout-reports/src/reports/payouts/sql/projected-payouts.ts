import { plainArray } from '@rewardbook/db/array-literal';
import { postingsOf } from '../../../service/postings-sql.ts';
import { inBatches, type ReportSource } from '../../../service/read-cursor.ts';
import type { ReportedProgram } from '../../../service/reported-program.ts';
import { FLOW_POSTINGS, FLOW_SUMS, type GivenByKind, type PayableFlow } from './payable-flows.ts';
import type { SeqRange } from './run-payouts.ts';

/** What moved on a creator's payable with a close, and what the registry knows now that a payout needs. Money in major units. */
export type UnpaidRow = PayableFlow &
  GivenByKind & {
    readonly creatorId: string;
    readonly closeNo: number;
    readonly isInClose: boolean;
    readonly likes: number;
    readonly follows: number;
    readonly points: string;
    readonly weight: string;
    /** Payable before the first of the closes. */
    readonly opening: string;
    /** What came back net of a tax that was remitted, and no run has paid since. */
    readonly taxedBefore: string;
    readonly payee: string | null;
    readonly taxCountry: string | null;
    readonly isOnHold: boolean;
  };

/** A close that no run has paid, and the entries whose movements are counted with it. */
export interface UnpaidClose extends SeqRange {
  readonly closeNo: number;
}

export interface UnpaidFilter {
  /** In order, without gaps between their entries; the last one goes to the journal's end. */
  readonly closes: readonly [UnpaidClose, ...UnpaidClose[]];
  /** Rows up to this one. */
  readonly lastClose: number;
  readonly creatorId: string | undefined;
}

/**
 * By creator, then close. Where the holdback of a close is not posted yet (that comes a moment after it), it is counted
 * as it will be: a report never shows a creator more than a run would pay. A creator of none of the closes with an
 * earlier balance is listed with the first.
 */
export function readUnpaid(
  source: ReportSource,
  { programId, creatorsVersion }: ReportedProgram,
  { closes, lastClose, creatorId }: UnpaidFilter,
): AsyncGenerator<UnpaidRow[]> {
  // For one creator, without reading the postings of others.
  const payable =
    creatorId === undefined
      ? 'payable_balance WHERE program_id = $1'
      : `(SELECT creator_id, credit - debit AS amount FROM balances_between($1, $5, $5) WHERE right(account, 8) = ':payable') AS own`;
  return inBatches<UnpaidRow>(source, {
    isOfMany: creatorId === undefined,
    text: `
      WITH span AS (
        SELECT * FROM unnest($2::integer[], $3::bigint[], $4::bigint[]) AS s (close_no, after, up_to)
      ), flow AS (
        SELECT p.creator_id, s.close_no, ${FLOW_SUMS}
        FROM span s JOIN journal_entry e ON e.program_id = $1 AND e.seq > s.after AND e.seq <= s.up_to
        JOIN ${postingsOf(creatorId, '$5')} p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
        WHERE ($5::text IS NULL OR p.creator_id = $5) AND ${FLOW_POSTINGS}
        GROUP BY p.creator_id, s.close_no
      ), alloc AS (
        SELECT a.creator_id, c.close_no, a.net_likes::integer AS likes, a.net_follows::integer AS follows,
               trim_scale(a.points)::text AS points, a.weight::text AS weight
        FROM close c JOIN allocation a ON a.program_id = c.program_id AND a.attempt_id = c.attempt_id
        WHERE c.program_id = $1 AND c.status = 'closed' AND c.close_no = ANY ($2::integer[]) AND ($5::text IS NULL OR a.creator_id = $5)
      ), given AS (
        SELECT k.*, c.close_no FROM close c CROSS JOIN LATERAL given_by_kind(c.program_id, c.attempt_id) k
        WHERE c.program_id = $1 AND c.status = 'closed' AND c.close_no = ANY ($2::integer[])
          AND ($5::text IS NULL OR k.creator_id = $5)
      ), payable AS MATERIALIZED (
        SELECT creator_id, amount FROM ${payable}
      ), opening AS (
        SELECT b.creator_id, b.amount - coalesce(f.came, 0) AS amount
        FROM payable b
        LEFT JOIN (SELECT creator_id, sum(allocated + adjustment - held + released + returned) AS came FROM flow GROUP BY creator_id) f
          ON f.creator_id = b.creator_id
      ), pending AS MATERIALIZED (
        SELECT c.close_no, c.attempt_id, g.digits, (v.policy::jsonb #>> '{payout,holdback,share}')::numeric AS share
        FROM close c JOIN program g ON g.program_id = c.program_id
        JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
        WHERE c.program_id = $1 AND c.status = 'closed' AND c.close_no = ANY ($2::integer[])
          AND NOT EXISTS (SELECT 1 FROM close_holdback d WHERE d.program_id = c.program_id AND d.close_no = c.close_no)
        ORDER BY c.close_no LIMIT 1
      ), soon AS (
        SELECT u.creator_id, u.close_no, sum(u.held) AS held, sum(u.released) AS released FROM (
          SELECT a.creator_id, q.close_no, greatest(least(trunc(a.amount * q.share, q.digits), b.amount), 0) AS held, 0 AS released
          FROM pending q CROSS JOIN LATERAL given_to($1, q.attempt_id) a
          JOIN payable b ON b.creator_id = a.creator_id
          WHERE q.share > 0
          UNION ALL
          SELECT h.creator_id, q.close_no, 0, h.kept
          FROM pending q JOIN holdback h ON h.program_id = $1 AND h.due_close <= q.close_no AND h.kept > 0
        ) u WHERE $5::text IS NULL OR u.creator_id = $5 GROUP BY u.creator_id, u.close_no
      ), one AS (
        SELECT creator_id, close_no FROM alloc UNION SELECT creator_id, close_no FROM flow UNION SELECT creator_id, close_no FROM soon
        UNION SELECT creator_id, ($2::integer[])[1] FROM opening WHERE amount <> 0
      )
      SELECT k.creator_id AS "creatorId", k.close_no AS "closeNo", a.creator_id IS NOT NULL AS "isInClose",
             coalesce(a.likes, 0) AS likes, coalesce(a.follows, 0) AS follows, coalesce(a.points, '0') AS points,
             coalesce(a.weight, '0') AS weight, coalesce(o.amount, 0)::text AS opening,
             coalesce(x.amount, 0)::text AS "taxedBefore",
             coalesce(f.allocated, 0)::text AS allocated, coalesce(f.adjustment, 0)::text AS adjustment,
             (coalesce(f.held, 0) + coalesce(s.held, 0))::text AS held,
             (coalesce(f.released, 0) + coalesce(s.released, 0))::text AS released, coalesce(f.returned, 0)::text AS returned,
             coalesce(g.pool_amount, 0)::text AS "poolAmount", coalesce(g.commission_paid, 0)::text AS "commissionPaid",
             coalesce(g.commission_earned, 0)::text AS "commissionEarned",
             r.payee, r.tax_country AS "taxCountry", h.creator_id IS NOT NULL AS "isOnHold"
      FROM one k
      LEFT JOIN alloc a ON a.creator_id = k.creator_id AND a.close_no = k.close_no
      LEFT JOIN flow f ON f.creator_id = k.creator_id AND f.close_no = k.close_no
      LEFT JOIN given g ON g.creator_id = k.creator_id AND g.close_no = k.close_no
      LEFT JOIN soon s ON s.creator_id = k.creator_id AND s.close_no = k.close_no
      LEFT JOIN opening o ON o.creator_id = k.creator_id
      LEFT JOIN taxed_before($1) x ON x.creator_id = k.creator_id
      LEFT JOIN creators_at($1, $6) r ON r.creator_id = k.creator_id
      LEFT JOIN (SELECT DISTINCT i.creator_id FROM holds_in_force($1) i) h ON h.creator_id = k.creator_id
      WHERE k.close_no <= $7
      ORDER BY k.creator_id, k.close_no`,
    values: [
      programId,
      plainArray(closes.map(({ closeNo }) => closeNo)),
      plainArray(closes.map(({ after }) => after)),
      plainArray(closes.map(({ upTo }) => upTo)),
      creatorId ?? null,
      creatorsVersion,
      lastClose,
    ],
  });
}
