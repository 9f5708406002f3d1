import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { CreatorResult } from '@rewardbook/domain/close/result';
import type { Sql } from '../client.ts';
import { beginsWith, contains, keyset, type ListPlace, startsAt, where } from './conditions.ts';
import { readSorted } from './sheets.ts';
import { allOf, piece, runPiece, type SqlPiece } from './sql-piece.ts';

/** Which allocations of a close. Amounts in major units, both ends included. */
export interface AllocationFilter {
  /** Given an amount, or none; points used up for nothing; points carried out. */
  readonly only?: 'paid' | 'unpaid' | 'void' | 'carried' | undefined;
  /** A part of the creator's id, and its beginning. */
  readonly find?: string | undefined;
  readonly prefix?: string | undefined;
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

export interface AllocationPage {
  readonly sort: AllocationSort;
  readonly order: ListOrder;
  readonly after: ListPlace | undefined;
  readonly from?: string | undefined;
  readonly limit: number;
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

/** A page of allocations, read as that of a run's payouts. */
export async function listAllocations(
  sql: Sql,
  scope: AllocationScope,
  page: AllocationPage,
): Promise<CreatorResult[]> {
  const { programId, attemptId, filter } = scope;
  const place = keyset({ by: SORTS[page.sort], type: 'numeric', id: creatorId, order: page.order }, page.after);
  const conditions = piece`${allocationConditions(scope)} AND ${place.isAfter}`;
  if (page.sort !== 'creator' && filter.find === undefined && filter.prefix === undefined) {
    const list = { programId, list: 'allocations', listNo: attemptId } as const;
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const rows = await readSorted(list, page, isFiltered, (sorted) =>
      runPiece<CreatorResult>(
        sql,
        piece`
          SELECT ${columns} FROM ${sorted} CROSS JOIN LATERAL (
            SELECT * FROM allocation r
            WHERE r.program_id = ${programId} AND r.attempt_id = ${attemptId}::bigint AND r.creator_id = u.creator_id OFFSET 0
          ) AS a
          WHERE ${conditions} ORDER BY ${place.orderBy} LIMIT ${page.limit}`,
      ),
    );
    if (rows !== undefined) {
      return rows;
    }
  }
  const from = page.from === undefined ? piece`true` : startsAt(creatorId, page.order, page.from);
  return runPiece<CreatorResult>(
    sql,
    piece`
      SELECT ${columns} FROM allocation a WHERE ${conditions} AND ${from} ORDER BY ${place.orderBy} LIMIT ${page.limit}`,
  );
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
