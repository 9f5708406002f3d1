import type { Sql } from '@rewardbook/db/client';

/** What a close gave for a creator to their scout, and to a creator as a scout; major units. */
export async function sumCommissions(
  sql: Sql,
  programId: number,
  attemptId: string,
  creatorId: string,
): Promise<{ paid: string; earned: string; creators: number }> {
  const [row] = await sql<{ paid: string; earned: string; creators: number }[]>`
    SELECT coalesce(sum(amount) FILTER (WHERE creator_id = ${creatorId}), 0)::text AS paid,
           coalesce(sum(amount) FILTER (WHERE scout_id = ${creatorId}), 0)::text AS earned,
           (count(*) FILTER (WHERE scout_id = ${creatorId}))::float8 AS creators
    FROM commission WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint
      AND (creator_id = ${creatorId} OR scout_id = ${creatorId})`;
  return row ?? { paid: '0', earned: '0', creators: 0 };
}
