import { plainArray, textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import { inPages, PAGE_ROWS } from '@rewardbook/db/pages';
import type { CloseRow } from '@rewardbook/domain/close/close';
import type { CreatorResult } from '@rewardbook/domain/close/result';

/** Stages a piece of a close's allocations. `amounts` in major units, in the order of the rows. */
export async function stageAllocations(
  sql: Sql,
  programId: number,
  attemptId: string,
  rows: readonly CloseRow[],
  amounts: readonly string[],
): Promise<void> {
  await sql`
    SELECT stage_allocations(
      ${programId}, ${attemptId}::bigint, ${textArray(rows.map((r) => r.creatorId))}::text[],
      ${plainArray(rows.map((r) => r.netLikes))}::bigint[], ${plainArray(rows.map((r) => r.netFollows))}::bigint[],
      ${textArray(rows.map((r) => r.carriedIn))}::text[], ${textArray(rows.map((r) => r.carriedOut))}::text[],
      ${textArray(rows.map((r) => r.points))}::text[], ${textArray(rows.map((r) => r.weight))}::text[],
      ${textArray(amounts)}::text[], ${plainArray(rows.map((r) => r.void))}::boolean[])`.catch(asRefusal);
}

/**
 * Allocations of a close by creatorId in byte order, in pieces. Each piece is a query of its own, so that a slow reader holds
 * no connection; a close's allocations never change.
 */
export function readAllocations(
  sql: Sql,
  programId: number,
  attemptId: string,
): AsyncGenerator<readonly CreatorResult[]> {
  return inPages<CreatorResult>(
    (last) => sql<CreatorResult[]>`
      SELECT creator_id AS "creatorId", net_likes::float8 AS "netLikes", net_follows::float8 AS "netFollows",
             carried_in::text AS "carriedIn", carried_out::text AS "carriedOut", points::text, weight::text, amount::text
      FROM allocation
      WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint AND creator_id > ${last?.creatorId ?? ''}
      ORDER BY creator_id LIMIT ${PAGE_ROWS}`,
  );
}

/** Points that the allocations of a close carry out, by creatorId in byte order. */
export async function readCarriedOut(sql: Sql, programId: number, attemptId: string): Promise<Map<string, string>> {
  const carried = new Map<string, string>();
  await sql<{ creatorId: string; carriedOut: string }[]>`
    SELECT creator_id AS "creatorId", carried_out::text AS "carriedOut"
    FROM allocation WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint AND carried_out <> 0
    ORDER BY creator_id`.forEach(({ creatorId, carriedOut }) => {
    carried.set(creatorId, carriedOut);
  });
  return carried;
}
