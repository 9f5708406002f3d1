import type { Sql } from '@rewardbook/db/client';
import type { WeightGroup } from '@rewardbook/domain/allocation/cap-rounds';
import type { CreatorResult } from '@rewardbook/domain/close/result';
import type { CreatorFacts } from '@rewardbook/domain/policy/creator';

/** What a close found for a creator; `void`: positive points were used up for nothing. */
export type ExplainedAllocation = Omit<CreatorResult, 'creatorId'> & { readonly void: boolean };

export async function findAllocation(
  sql: Sql,
  programId: number,
  attemptId: string,
  creatorId: string,
): Promise<ExplainedAllocation | undefined> {
  const [row] = await sql<ExplainedAllocation[]>`
    SELECT net_likes::float8 AS "netLikes", net_follows::float8 AS "netFollows", trim_scale(carried_in)::text AS "carriedIn",
           trim_scale(carried_out)::text AS "carriedOut", trim_scale(points)::text AS points, weight::text, amount::text, void
    FROM allocation WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint AND creator_id = ${creatorId}`;
  return row;
}

/** A creator as registered when the close began. */
export async function findFacts(
  sql: Sql,
  programId: number,
  creatorsVersion: number,
  creatorId: string,
): Promise<CreatorFacts | undefined> {
  const [row] = await sql<CreatorFacts[]>`
    SELECT creator_id AS "creatorId", country, joined_on::text AS "joinedOn", followers::float8 AS followers, viewer_ids AS "viewerIds",
           scout_id AS "scoutId", scouted_on::text AS "scoutedOn"
    FROM creator WHERE program_id = ${programId} AND creator_id = ${creatorId} AND version <= ${creatorsVersion}
    ORDER BY version DESC LIMIT 1`;
  return row;
}

/** All weights of a close: their sum, and how many are above zero. */
export async function sumWeights(
  sql: Sql,
  programId: number,
  attemptId: string,
): Promise<{ totalWeight: string; creators: number }> {
  const [row] = await sql<{ totalWeight: string; creators: number }[]>`
    SELECT coalesce(sum(weight), 0)::text AS "totalWeight", count(*) FILTER (WHERE weight > 0)::float8 AS creators
    FROM allocation WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint`;
  return row ?? { totalWeight: '0', creators: 0 };
}

/** The heaviest weights, equal ones together: as many as can be above a cap that fits `atMost` times into the pool. */
export async function heaviestWeights(
  sql: Sql,
  programId: number,
  attemptId: string,
  atMost: bigint,
): Promise<WeightGroup[]> {
  const rows = await sql<{ weight: string; creators: number }[]>`
    SELECT weight::text, count(*)::float8 AS creators FROM allocation
    WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint AND weight > 0
    GROUP BY allocation.weight ORDER BY allocation.weight DESC LIMIT ${atMost.toString()}::bigint`;
  return rows.map(({ weight, creators }) => ({ weight: BigInt(weight), creators }));
}

export interface RemainderRankQuery {
  /** Minor units. */
  readonly pool: bigint;
  readonly totalWeight: bigint;
  readonly remainder: bigint;
  readonly creatorId: string;
  /** Weights from this one up are capped; undefined: none is. */
  readonly leastCapped: bigint | undefined;
}

/**
 * The rank of a remainder among those of a round, in one pass over the close's allocations; all rows stay in the
 * database. Exact: truncated `numeric` division, and its remainder.
 */
export async function findRemainderRank(
  sql: Sql,
  programId: number,
  attemptId: string,
  { pool, totalWeight, remainder, creatorId, leastCapped }: RemainderRankQuery,
): Promise<{ unitsLeft: bigint; before: number; ranked: number }> {
  const [row] = await sql<{ floors: string; before: number; ranked: number }[]>`
    SELECT coalesce(sum(div(q.product, q.total)), 0)::text AS floors, count(*)::float8 AS ranked,
           count(*) FILTER (WHERE mod(q.product, q.total) > q.mine
                               OR (mod(q.product, q.total) = q.mine AND q.creator_id < ${creatorId}))::float8 AS before
    FROM (
      SELECT creator_id, weight * ${pool.toString()}::numeric AS product, ${totalWeight.toString()}::numeric AS total,
             ${remainder.toString()}::numeric AS mine
      FROM allocation
      WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint AND weight > 0
        AND (${leastCapped?.toString() ?? null}::numeric IS NULL OR weight < ${leastCapped?.toString() ?? null}::numeric)
    ) AS q`;
  if (row === undefined) {
    throw new Error('a count gave no row');
  }
  return { unitsLeft: pool - BigInt(row.floors), before: row.before, ranked: row.ranked };
}
