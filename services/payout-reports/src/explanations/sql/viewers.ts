import type { Sql } from '@rewardbook/db/client';

/** What one viewer gave one creator at a close. */
export interface PairBeside {
  readonly creatorId: string;
  readonly netLikes: number;
  readonly netFollows: number;
}

export interface PairsQuery {
  readonly programId: number;
  readonly closeNo: number;
  readonly attemptId: string;
  readonly creatorId: string;
}

/**
 * Of each viewer who gave something to a creator at a close, or took it back: all of the viewer's pairs with creators who have
 * positive points, one viewer after the other. Void losses are left out.
 */
export async function readPairsBeside(
  sql: Sql,
  { programId, closeNo, attemptId, creatorId }: PairsQuery,
  each: (pairs: readonly PairBeside[]) => void,
): Promise<void> {
  const changes = sql`(g.gained_close = ${closeNo} OR g.lost_close = ${closeNo})`;
  const net = (isKind: ReturnType<Sql>) => sql`
    count(*) FILTER (WHERE ${isKind} AND g.gained_close = ${closeNo})
      - count(*) FILTER (WHERE ${isKind} AND g.lost_close = ${closeNo} AND v.creator_id IS NULL)`;
  // Ids have no control characters.
  await sql<{ pairs: string }[]>`
    WITH mine AS MATERIALIZED (
      SELECT DISTINCT g.viewer_id FROM engagement g
      WHERE g.program_id = ${programId} AND g.attempt_id = ${attemptId}::bigint AND g.creator_id = ${creatorId} AND ${changes}
    ), void_close AS (
      SELECT a.creator_id, c.close_no FROM allocation a JOIN close c ON c.program_id = a.program_id AND c.attempt_id = a.attempt_id
      WHERE a.program_id = ${programId} AND a.void
    ), pair AS (
      SELECT g.viewer_id, g.creator_id, ${net(sql`g.content_id <> ''`)} AS likes, ${net(sql`g.content_id = ''`)} AS follows
      FROM mine m
      JOIN engagement g ON g.program_id = ${programId} AND g.viewer_id = m.viewer_id AND g.attempt_id = ${attemptId}::bigint AND ${changes}
      JOIN allocation a ON a.program_id = ${programId} AND a.attempt_id = ${attemptId}::bigint AND a.creator_id = g.creator_id AND a.points > 0
      LEFT JOIN void_close v ON v.creator_id = g.creator_id AND v.close_no = g.gained_close
      GROUP BY g.viewer_id, g.creator_id
    )
    SELECT string_agg(p.creator_id || E'\\t' || p.likes || E'\\t' || p.follows, E'\\n') AS pairs
    FROM pair p GROUP BY p.viewer_id`.forEach(({ pairs }) => {
    each(
      pairs.split('\n').map((line) => {
        const [id = '', likes, follows] = line.split('\t');
        return { creatorId: id, netLikes: Number(likes), netFollows: Number(follows) };
      }),
    );
  });
}
