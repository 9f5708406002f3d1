import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '../client.ts';
import { type ListPlace, placeOf } from './conditions.ts';
import { piece, type SqlPiece } from './sql-piece.ts';

/** A list whose order is kept once it is long. */
export interface SortedList {
  readonly programId: number;
  readonly list: 'payouts' | 'allocations';
  /** The run's number, or the close's attempt. */
  readonly listNo: number | string;
}

/** Ids in a sheet: functions/sorting.sql. */
const SHEET_ROWS = 500;
/** Sheets that are read for a page whose filter leaves some of their rows out. */
const MAX_SHEETS = 20;

/**
 * Creators in a kept order, from a place on: the rows `u (creator_id)` of a FROM clause, at least as many as asked for if there are.
 * None where the order is not kept.
 */
export function sheetRows(
  { programId, list, listNo }: SortedList,
  { sort, order, after, limit }: { sort: string; order: ListOrder; after: ListPlace | undefined; limit: number },
  isFiltered: boolean,
): SqlPiece {
  const own = piece`s.program_id = ${programId} AND s.list = ${list} AND s.list_no = ${listNo}::bigint AND s.sort = ${sort}`;
  const first = piece`(s.first_key, s.first_creator)`;
  const sheets = isFiltered ? MAX_SHEETS : Math.ceil(limit / SHEET_ROWS) + 1;
  if (order === 'desc') {
    const isBefore = after === undefined ? piece`true` : piece`${first} < ${placeOf('numeric', after)}`;
    return piece`(
      SELECT s.creator_ids FROM sort_sheet s WHERE ${own} AND ${isBefore}
      ORDER BY s.first_key DESC, s.first_creator DESC LIMIT ${sheets}
    ) AS sheet CROSS JOIN LATERAL unnest(sheet.creator_ids) AS u (creator_id)`;
  }
  const isFrom =
    after === undefined
      ? piece`true`
      : piece`${first} >= (
          SELECT s.first_key, s.first_creator FROM sort_sheet s WHERE ${own} AND ${first} <= ${placeOf('numeric', after)}
          ORDER BY s.first_key DESC, s.first_creator DESC LIMIT 1)`;
  return piece`(
    SELECT s.creator_ids FROM sort_sheet s WHERE ${own} AND ${isFrom} ORDER BY s.first_key, s.first_creator LIMIT ${sheets}
  ) AS sheet CROSS JOIN LATERAL unnest(sheet.creator_ids) AS u (creator_id)`;
}

/** Lists whose orders are to be kept. */
export function listsToSort(sql: Sql): Promise<SortedList[]> {
  return sql<SortedList[]>`
    SELECT program_id AS "programId", list, list_no::text AS "listNo" FROM sort_due ORDER BY program_id, list, list_no`;
}

/** Keeps the orders of a list whose rows never change. False where they are kept already. */
export async function keepOrder(sql: Sql, { programId, list, listNo }: SortedList): Promise<boolean> {
  const [row] = await sql<{ kept: boolean }[]>`SELECT keep_order(${programId}, ${list}, ${listNo}::bigint) AS kept`;
  return row?.kept ?? false;
}
