import { plainArray } from '@rewardbook/db/array-literal';
import type { PayoutFilter } from '@rewardbook/db/lists/payouts';
import { payoutConditions } from '@rewardbook/db/lists/payouts';
import { fixed, piece, type SqlPiece, toQuery } from '@rewardbook/db/lists/sql-piece';
import { inBatches, type ReportSource } from '../../../service/read-cursor.ts';
import type { ReportedProgram } from '../../../service/reported-program.ts';
import { FLOW_POSTINGS, FLOW_SUMS, type GivenByKind, type PayableFlow } from './payable-flows.ts';

/** Entries `after < seq ≤ upTo`. */
export interface SeqRange {
  readonly after: number;
  readonly upTo: number;
}

/** A creator in a run, or one of its closes to whom nothing was owed when it was drafted. Money in major units. */
export type RunPayoutRow = PayableFlow &
  GivenByKind & {
    readonly creatorId: string;
    readonly isInRun: boolean;
    readonly payoutNumber: number | null;
    readonly isDue: boolean;
    readonly reason: string | null;
    /** Payable when it was drafted. */
    readonly available: string;
    readonly gross: string;
    readonly taxedBefore: string;
    readonly withheld: string;
    readonly net: string;
    readonly likes: number;
    readonly follows: number;
    readonly points: string;
    /** Of the only close in it. */
    readonly weight: string;
    readonly returnKey: string | null;
    readonly returnReason: string | null;
  };

export interface RunPayoutsFilter {
  readonly runNumber: number;
  /** Numbers of the closes whose allocations are in it. */
  readonly closes: readonly number[];
  /** What came since the run before. */
  readonly range: SeqRange;
  readonly creatorId: string | undefined;
  /** Also creators of these closes that are not in the run. */
  readonly withOthers: boolean;
  /** Which of the run's creators; without others. */
  readonly filter: PayoutFilter;
}

/** By creator. */
export function readRunPayouts(
  source: ReportSource,
  program: ReportedProgram,
  filter: RunPayoutsFilter,
): AsyncGenerator<RunPayoutRow[]> {
  return inBatches<RunPayoutRow>(source, {
    isOfMany: filter.creatorId === undefined,
    ...toQuery(piece`
      SELECT r."creatorId", r."isInRun", r."payoutNumber", r."isDue", r.reason, r.available::text, r.gross::text,
             r."taxedBefore"::text, r.withheld::text, r.net::text, r.likes, r.follows, r.points, r.weight, r.allocated::text,
             r.adjustment::text, r.held::text, r.released::text, r.returned::text,
             r."poolAmount"::text, r."commissionPaid"::text, r."commissionEarned"::text, r."returnKey", r."returnReason"
      FROM (${rowsOf(program, filter)}) AS r ORDER BY r."creatorId"`),
  });
}

/** Sums over the creators of a run that a filter leaves, in major units: what is due of gross, withheld and net. */
export type RunPayoutSums = PayableFlow & {
  readonly count: number;
  readonly available: string;
  readonly gross: string;
  readonly withheld: string;
  readonly net: string;
};

export async function sumRunPayouts(
  source: ReportSource,
  program: ReportedProgram,
  filter: RunPayoutsFilter,
): Promise<RunPayoutSums> {
  const due = (column: SqlPiece): SqlPiece => piece`coalesce(sum(${column}) FILTER (WHERE r."isDue"), 0)::text`;
  const all = (column: SqlPiece): SqlPiece => piece`coalesce(sum(${column}), 0)::text`;
  const summed = inBatches<RunPayoutSums>(source, {
    isOfMany: true,
    ...toQuery(piece`
      SELECT count(*)::float8 AS count, ${all(piece`r.available`)} AS available, ${due(piece`r.gross`)} AS gross,
             ${due(piece`r.withheld`)} AS withheld, ${due(piece`r.net`)} AS net, ${all(piece`r.allocated`)} AS allocated,
             ${all(piece`r.adjustment`)} AS adjustment, ${all(piece`r.held`)} AS held, ${all(piece`r.released`)} AS released,
             ${all(piece`r.returned`)} AS returned
      FROM (${rowsOf(program, filter)}) AS r`),
  });
  for await (const [sums] of summed) {
    if (sums !== undefined) {
      return sums;
    }
  }
  throw new Error('a sum gave no row');
}

/** A row for each creator: the run's, and what came since the run before. */
function rowsOf(
  { programId }: ReportedProgram,
  { runNumber, closes, range, creatorId, withOthers, filter }: RunPayoutsFilter,
): SqlPiece {
  const own = (column: SqlPiece): SqlPiece => (creatorId === undefined ? piece`true` : piece`${column} = ${creatorId}`);
  const postings =
    creatorId === undefined
      ? piece`posting`
      : piece`postings_between(${programId}, ${creatorId}::text, ${creatorId}::text)`;
  return piece`
    WITH flow AS (
      SELECT p.creator_id, ${fixed(FLOW_SUMS)}
      FROM journal_entry e JOIN ${postings} p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
      WHERE e.program_id = ${programId} AND e.seq > ${range.after} AND e.seq <= ${range.upTo} AND ${own(piece`p.creator_id`)}
        AND ${fixed(FLOW_POSTINGS)}
      GROUP BY p.creator_id
    ), alloc AS (
      SELECT a.creator_id, sum(a.net_likes)::integer AS likes, sum(a.net_follows)::integer AS follows,
             trim_scale(sum(a.points))::text AS points, max(a.weight)::text AS weight
      FROM close c JOIN allocation a ON a.program_id = c.program_id AND a.attempt_id = c.attempt_id
      WHERE c.program_id = ${programId} AND c.status = 'closed' AND c.close_no = ANY (${plainArray(closes)}::integer[])
        AND ${own(piece`a.creator_id`)}
      GROUP BY a.creator_id
    ), given AS (
      SELECT k.creator_id, sum(k.pool_amount) AS pool_amount, sum(k.commission_paid) AS commission_paid,
             sum(k.commission_earned) AS commission_earned
      FROM close c CROSS JOIN LATERAL given_by_kind(c.program_id, c.attempt_id) k
      WHERE c.program_id = ${programId} AND c.status = 'closed' AND c.close_no = ANY (${plainArray(closes)}::integer[])
        AND ${own(piece`k.creator_id`)}
      GROUP BY k.creator_id
    ), member AS (
      SELECT p.* FROM payout p WHERE ${payoutConditions({ programId, runNumber, filter })} AND ${own(piece`p.creator_id`)}
    )
    SELECT coalesce(m.creator_id, a.creator_id) AS "creatorId", m.creator_id IS NOT NULL AS "isInRun",
           m.payout_number AS "payoutNumber", coalesce(m.status = 'due', false) AS "isDue", m.reason,
           coalesce(m.available, 0) AS available, coalesce(m.gross, 0) AS gross,
           coalesce(m.taxed_before, 0) AS "taxedBefore", coalesce(m.withheld, 0) AS withheld, coalesce(m.net, 0) AS net,
           coalesce(a.likes, 0) AS likes, coalesce(a.follows, 0) AS follows, coalesce(a.points, '0') AS points,
           coalesce(a.weight, '0') AS weight,
           coalesce(f.allocated, 0) AS allocated, coalesce(f.adjustment, 0) AS adjustment,
           coalesce(f.held, 0) AS held, coalesce(f.released, 0) AS released,
           coalesce(f.returned, 0) AS returned, coalesce(k.pool_amount, 0) AS "poolAmount",
           coalesce(k.commission_paid, 0) AS "commissionPaid", coalesce(k.commission_earned, 0) AS "commissionEarned",
           b.entry_key AS "returnKey", b.reason AS "returnReason"
    FROM member m FULL JOIN alloc a ON a.creator_id = m.creator_id
    LEFT JOIN flow f ON f.creator_id = coalesce(m.creator_id, a.creator_id)
    LEFT JOIN given k ON k.creator_id = coalesce(m.creator_id, a.creator_id)
    LEFT JOIN payout_return b ON b.program_id = ${programId} AND b.run_no = ${runNumber} AND b.creator_id = m.creator_id
    WHERE m.creator_id IS NOT NULL OR ${withOthers}::boolean`;
}

/** Of the creators of a close: how many it gave money to, and how many its run, if it has one, does not pay. */
export type CloseCount = {
  readonly closeNo: number;
  readonly paid: number;
  readonly notDue: number;
};

export async function countByClose(
  source: ReportSource,
  { programId }: ReportedProgram,
  closes: readonly { readonly closeNo: number; readonly runNumber: number | undefined }[],
): Promise<CloseCount[]> {
  const counts: CloseCount[] = [];
  const counted = inBatches<CloseCount>(source, {
    isOfMany: true,
    text: `
      SELECT c.close_no AS "closeNo", count(*) FILTER (WHERE a.amount > 0)::integer AS paid,
             count(a.creator_id) FILTER (WHERE p.status IS DISTINCT FROM 'due')::integer AS "notDue"
      FROM unnest($2::integer[], $3::integer[]) AS w (close_no, run_no)
      JOIN close c ON c.program_id = $1 AND c.close_no = w.close_no
      LEFT JOIN LATERAL given_to($1, c.attempt_id) a ON true
      LEFT JOIN payout p ON p.program_id = c.program_id AND p.run_no = w.run_no AND p.creator_id = a.creator_id
      GROUP BY c.close_no`,
    values: [
      programId,
      plainArray(closes.map(({ closeNo }) => closeNo)),
      plainArray(closes.map(({ runNumber }) => runNumber ?? 0)),
    ],
  });
  for await (const batch of counted) {
    counts.push(...batch);
  }
  return counts;
}
