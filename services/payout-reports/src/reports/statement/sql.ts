import type { Sql } from '@rewardbook/db/client';

/** What came in for a creator in a period so far; take-backs taken off. */
export interface CreatorTally {
  readonly period: string;
  readonly likes: number;
  readonly follows: number;
}

/** A creator's tallies of periods that no close has begun. */
export async function listOpenTallies(sql: Sql, programId: number, creatorId: string): Promise<CreatorTally[]> {
  return sql<CreatorTally[]>`
    SELECT t.period, (t.likes - t.unlikes)::integer AS likes, (t.follows - t.unfollows)::integer AS follows
    FROM tally t
    WHERE t.program_id = ${programId} AND t.creator_id = ${creatorId}
      AND NOT EXISTS (SELECT 1 FROM close c WHERE c.program_id = t.program_id AND c.period = t.period)
    ORDER BY t.period`;
}

/** Sum of the positive points of all creators in a period so far, by these weights. */
export async function sumTalliedPoints(
  sql: Sql,
  programId: number,
  period: string,
  weights: { readonly like: string; readonly follow: string },
): Promise<string> {
  const [row] = await sql<{ points: string }[]>`
    SELECT coalesce(trim_scale(sum(greatest(
             ${weights.like}::numeric * (likes - unlikes) + ${weights.follow}::numeric * (follows - unfollows), 0))), 0)::text AS points
    FROM tally WHERE program_id = ${programId} AND period = ${period}`;
  return row?.points ?? '0';
}
