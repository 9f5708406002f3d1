import { plainArray, textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';

/** Batches of one program that are sealed and not tallied, and when their events occurred (epoch milliseconds). */
export interface DueBatches {
  readonly programId: number;
  readonly batchIds: string[];
  readonly occurredMin: number;
  readonly occurredMax: number;
}

/** Of these batches, those that are due, by program. */
export function findDue(sql: Sql, batchIds: readonly string[]): Promise<DueBatches[]> {
  return sql<DueBatches[]>`
    SELECT program_id AS "programId", array_agg(batch_id::text ORDER BY batch_id) AS "batchIds",
           min(occurred_min)::float8 AS "occurredMin", max(occurred_max)::float8 AS "occurredMax"
    FROM ingest_batch
    WHERE batch_id = ANY (${plainArray(batchIds.map(BigInt))}::bigint[]) AND sealed_at IS NOT NULL AND tallied_at IS NULL
    GROUP BY program_id`;
}

/** Batches that were sealed some time ago and are not tallied: their jobs were lost. */
export async function findUntallied(sql: Sql, olderThanSeconds: number, limit: number): Promise<string[]> {
  const rows = await sql<{ batchId: string }[]>`
    SELECT batch_id::text AS "batchId" FROM ingest_batch
    WHERE tallied_at IS NULL AND sealed_at < now() - make_interval(secs => ${olderThanSeconds}) ORDER BY batch_id LIMIT ${limit}`;
  return rows.map((row) => row.batchId);
}

/** UTC days (since 1970-01-01) on which the events of these batches occurred. */
export async function daysOfBatches(sql: Sql, programId: number, batchIds: readonly string[]): Promise<number[]> {
  const rows = await sql<{ day: number }[]>`
    SELECT DISTINCT floor(occurred_at / 86400000.0)::float8 AS day FROM event
    WHERE program_id = ${programId} AND batch_id = ANY (${plainArray(batchIds.map(BigInt))}::bigint[])`;
  return rows.map((row) => row.day);
}

/**
 * Adds batches to the live estimates, each once; gives how many were added now.
 *
 * @param bounds sorted period bounds that cover the events; `labels[i]` is the period from `bounds[i]` on
 */
export async function tallyBatches(
  sql: Sql,
  programId: number,
  batchIds: readonly string[],
  { bounds, labels }: { readonly bounds: readonly number[]; readonly labels: readonly string[] },
): Promise<number> {
  const [row] = await sql<{ tallied: number }[]>`
    SELECT tally_batches(${programId}, ${plainArray(batchIds.map(BigInt))}::bigint[], ${plainArray(bounds)}::bigint[],
                         ${textArray(labels)}::text[]) AS tallied`;
  return row?.tallied ?? 0;
}

/** Seals batches that a crash left unsealed; gives how many. */
export async function sealLeftBehind(sql: Sql, graceSeconds: number): Promise<number> {
  const [row] = await sql<{ sealed: number }[]>`
    SELECT seal_left_behind(make_interval(secs => ${graceSeconds}))::float8 AS sealed`;
  return row?.sealed ?? 0;
}

export interface TallyRow {
  readonly period: string;
  readonly creatorId: string;
  readonly likes: number;
  readonly unlikes: number;
  readonly follows: number;
  readonly unfollows: number;
}

/** Tallies of a period by creatorId. */
export function listTallies(
  sql: Sql,
  programId: number,
  { period, after, limit }: { period: string; after: string; limit: number },
): Promise<TallyRow[]> {
  return sql<TallyRow[]>`
    SELECT period, creator_id AS "creatorId", likes::float8 AS likes, unlikes::float8 AS unlikes, follows::float8 AS follows,
           unfollows::float8 AS unfollows
    FROM tally WHERE program_id = ${programId} AND period = ${period} AND creator_id > ${after} ORDER BY creator_id LIMIT ${limit}`;
}
