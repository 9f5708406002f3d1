import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { Sql } from '@rewardbook/db/client';
import type { WeightGroup } from '@rewardbook/domain/allocation/cap-rounds';
import type { CreatorFacts } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';

/** A closed period with all that its derivation needs. Money in major units, instants in epoch milliseconds. */
export interface ExplainedClose {
  readonly closeNo: number;
  readonly attemptId: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly closedAt: Date;
  readonly policyVersion: number;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly creatorsVersion: number;
  readonly resultHash: string;
  readonly entryKey: string;
  readonly revenueEntries: string;
  readonly revenueCarriedIn: string;
  readonly funded: string;
  readonly rolledOver: string;
  readonly pool: string;
  readonly allocated: string;
  readonly undistributed: string;
  /** Entry of the close before, which left what was rolled over. */
  readonly previousEntryKey: string | null;
}

/** The close of a period, or undefined where it is not closed. */
export async function findClosed(sql: Sql, programId: number, period: string): Promise<ExplainedClose | undefined> {
  const [row] = await sql<(Omit<ExplainedClose, 'policy'> & { policy: string })[]>`
    SELECT c.close_no AS "closeNo", c.attempt_id::text AS "attemptId", c.starts_at::float8 AS "startsAt", c.ends_at::float8 AS "endsAt",
           c.closed_at AS "closedAt", c.policy_version AS "policyVersion", v.policy, v.policy_hash AS "policyHash",
           c.creators_version AS "creatorsVersion", c.result_hash AS "resultHash", c.entry_key AS "entryKey",
           c.revenue_entries::text AS "revenueEntries", c.revenue_carried_in::text AS "revenueCarriedIn", c.funded::text,
           c.rolled_over::text AS "rolledOver", c.pool::text, c.allocated::text, c.undistributed::text, b.entry_key AS "previousEntryKey"
    FROM close c
    JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
    LEFT JOIN close b ON b.program_id = c.program_id AND b.close_no = c.close_no - 1
    WHERE c.program_id = ${programId} AND c.period = ${period} AND c.status = 'closed'`;
  if (row === undefined) {
    return undefined;
  }
  return { ...row, policy: readPolicy(row.policy, row.policyVersion) };
}

/** What the close before one used of policy and creators; undefined for the first. */
export async function findCloseBefore(
  sql: Sql,
  programId: number,
  closeNo: number,
): Promise<Pick<ExplainedClose, 'policy' | 'creatorsVersion'> | undefined> {
  const [row] = await sql<{ policy: string; policyVersion: number; creatorsVersion: number }[]>`
    SELECT v.policy, c.policy_version AS "policyVersion", c.creators_version AS "creatorsVersion"
    FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
    WHERE c.program_id = ${programId} AND c.close_no = ${closeNo - 1}`;
  return row && { policy: readPolicy(row.policy, row.policyVersion), creatorsVersion: row.creatorsVersion };
}

function readPolicy(text: string, version: number): Policy {
  const policy = parsePolicy(JSON.parse(text));
  if (!policy.ok) {
    throw new Error(`stored policy ${version} is not valid: ${policy.issues[0]?.message}`);
  }
  return policy.value;
}

/** What a close found for a creator; decimals plain. */
export interface ExplainedAllocation {
  readonly netLikes: number;
  readonly netFollows: number;
  readonly carriedIn: string;
  readonly carriedOut: string;
  readonly points: string;
  readonly weight: string;
  readonly amount: string;
  readonly void: boolean;
}

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
    SELECT creator_id AS "creatorId", country, joined_on::text AS "joinedOn", followers::float8 AS followers, viewer_ids AS "viewerIds"
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

export interface StandingQuery {
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
export async function findStanding(
  sql: Sql,
  programId: number,
  attemptId: string,
  { pool, totalWeight, remainder, creatorId, leastCapped }: StandingQuery,
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
