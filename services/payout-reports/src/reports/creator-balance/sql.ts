import type { Sql } from '@rewardbook/db/client';

/** Sums of a creator's accounts and payouts, in major units and in the creator's favour. */
export interface CreatorSums {
  readonly final: string;
  readonly adjusted: string;
  readonly payable: string;
  readonly held: string;
  readonly inRuns: string;
  readonly paid: string;
  readonly withheld: string;
  readonly returned: string;
  readonly holds: string[];
}

/** All of it as of one moment. */
export async function sumCreator(sql: Sql, programId: number, creatorId: string): Promise<CreatorSums> {
  const [row] = await sql<CreatorSums[]>`
    WITH own AS (
      SELECT e.kind, p.account, -p.amount AS amount
      FROM postings_between(${programId}, ${creatorId}, ${creatorId}) p
      JOIN journal_entry e ON e.program_id = p.program_id AND e.entry_id = p.entry_id
    ), payouts AS (
      SELECT p.net, p.withheld, r.status, b.net AS back, coalesce(b.tax_back, 0) AS tax_back
      FROM payout p JOIN payout_run r ON r.program_id = p.program_id AND r.run_no = p.run_no
      LEFT JOIN payout_return b ON b.program_id = p.program_id AND b.creator_id = p.creator_id AND b.run_no = p.run_no
      WHERE p.program_id = ${programId} AND p.creator_id = ${creatorId} AND p.status = 'due'
        AND r.status IN ('approved', 'exported', 'settled')
    )
    SELECT o.*, q.*,
           ARRAY(SELECT h.reason FROM holds_in_force(${programId}) h WHERE h.creator_id = ${creatorId} ORDER BY h.reason) AS holds
    FROM (
      SELECT coalesce(sum(amount) FILTER (WHERE kind = 'close'), 0)::text AS final,
             coalesce(sum(amount) FILTER (WHERE kind NOT IN ('close', 'payout', 'payout-return')), 0)::text AS adjusted,
             coalesce(sum(amount) FILTER (WHERE right(account, 8) = ':payable'), 0)::text AS payable,
             coalesce(sum(amount) FILTER (WHERE right(account, 8) <> ':payable'), 0)::text AS held
      FROM own
    ) AS o CROSS JOIN (
      SELECT coalesce(sum(net) FILTER (WHERE back IS NULL AND status <> 'settled'), 0)::text AS "inRuns",
             coalesce(sum(net) FILTER (WHERE back IS NULL AND status = 'settled'), 0)::text AS paid,
             coalesce(sum(withheld - tax_back), 0)::text AS withheld, coalesce(sum(back), 0)::text AS returned
      FROM payouts
    ) AS q`;
  if (row === undefined) {
    throw new Error('a sum gave no row');
  }
  return row;
}

/** Gross of a creator's due payouts in these runs. */
export async function sumDrafted(
  sql: Sql,
  programId: number,
  creatorId: string,
  runNumbers: readonly number[],
): Promise<string> {
  const [row] = await sql<{ gross: string }[]>`
    SELECT coalesce(max(gross), 0)::text AS gross FROM payout
    WHERE program_id = ${programId} AND creator_id = ${creatorId} AND status = 'due' AND run_no = ANY (${[...runNumbers]}::integer[])`;
  return row?.gross ?? '0';
}
