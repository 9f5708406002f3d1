import type { CreatorResult } from '@rewardbook/domain/close/result';
import type { Sql } from '../client.ts';
import { beginsWith, contains, where } from './conditions.ts';
import { type CreatorSearch, type ListPage, readListPage } from './list-page.ts';
import { allOf, piece, runPiece, type SqlPiece } from './sql-piece.ts';

/** Which allocations of a close. Amounts in major units, both ends included. */
export interface AllocationFilter extends CreatorSearch {
  /** Given an amount, or none; points used up for nothing; points carried out. */
  readonly only?: 'paid' | 'unpaid' | 'void' | 'carried' | undefined;
  readonly amountFrom?: string | undefined;
  readonly amountTo?: string | undefined;
}

export type AllocationSort = 'creator' | 'amount' | 'points';

/** Allocations of a close, by the attempt that counts, and which of them. */
export interface AllocationScope {
  readonly programId: number;
  readonly attemptId: string;
  readonly filter: AllocationFilter;
}

const creatorId = piece`a.creator_id`;
const SORTS = {
  creator: creatorId,
  amount: piece`a.amount`,
  points: piece`a.points`,
} as const satisfies Record<AllocationSort, SqlPiece>;
const KINDS = {
  paid: piece`a.amount > 0`,
  unpaid: piece`a.amount = 0`,
  void: piece`a.void`,
  carried: piece`a.carried_out <> 0`,
} as const satisfies Record<NonNullable<AllocationFilter['only']>, SqlPiece>;

const columns = piece`
  a.creator_id AS "creatorId", a.net_likes::float8 AS "netLikes", a.net_follows::float8 AS "netFollows",
  trim_scale(a.carried_in)::text AS "carriedIn", trim_scale(a.carried_out)::text AS "carriedOut",
  trim_scale(a.points)::text AS points, a.weight::text, a.amount::text`;

/** The allocations that a filter leaves, of the table `allocation a`. */
function allocationConditions({ programId, attemptId, filter }: AllocationScope): SqlPiece {
  const { only, find, prefix, amountFrom, amountTo } = filter;
  return allOf([
    piece`a.program_id = ${programId} AND a.attempt_id = ${attemptId}::bigint`,
    ...(only === undefined ? [] : [KINDS[only]]),
    ...where(find, (value) => contains(creatorId, value)),
    ...where(prefix, (value) => beginsWith(creatorId, value)),
    ...where(amountFrom, (value) => piece`a.amount >= ${value}::numeric`),
    ...where(amountTo, (value) => piece`a.amount <= ${value}::numeric`),
  ]);
}

/** A page of the allocations of a close. */
export function listAllocations(
  sql: Sql,
  scope: AllocationScope,
  page: ListPage<AllocationSort>,
): Promise<CreatorResult[]> {
  const { programId, attemptId, filter } = scope;
  const list = {
    kept: { programId, list: 'allocations', listNo: attemptId },
    columns,
    rows: piece`allocation a`,
    rowOfCreator: piece`
      SELECT * FROM allocation r
      WHERE r.program_id = ${programId} AND r.attempt_id = ${attemptId}::bigint AND r.creator_id = u.creator_id OFFSET 0`,
    rowName: piece`a`,
    by: SORTS[page.sort],
    ...{ creatorId, filter, conditions: allocationConditions(scope) },
  } as const;
  return readListPage<CreatorResult>(sql, list, page);
}

/** All allocations that a filter leaves, by creator. */
export function allocationsQuery(scope: AllocationScope): SqlPiece {
  return piece`SELECT ${columns} FROM allocation a WHERE ${allocationConditions(scope)} ORDER BY a.creator_id`;
}

/** Sums of columns; the amount in major units. */
export interface AllocationTotals {
  readonly count: number;
  readonly netLikes: number;
  readonly netFollows: number;
  readonly carriedIn: string;
  readonly carriedOut: string;
  readonly points: string;
  readonly amount: string;
}

export async function sumAllocations(sql: Sql, scope: AllocationScope): Promise<AllocationTotals> {
  const [row] = await runPiece<AllocationTotals>(
    sql,
    piece`
      SELECT count(*)::float8 AS count, coalesce(sum(a.net_likes), 0)::float8 AS "netLikes",
             coalesce(sum(a.net_follows), 0)::float8 AS "netFollows", trim_scale(coalesce(sum(a.carried_in), 0))::text AS "carriedIn",
             trim_scale(coalesce(sum(a.carried_out), 0))::text AS "carriedOut", trim_scale(coalesce(sum(a.points), 0))::text AS points,
             coalesce(sum(a.amount), 0)::text AS amount
      FROM allocation a WHERE ${allocationConditions(scope)}`,
  );
  if (row === undefined) {
    throw new Error('a sum gave no row');
  }
  return row;
}
