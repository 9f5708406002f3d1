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
/** Sheets that are read at most for a page whose filter leaves most of their rows out. */
const MAX_SHEETS = 20;

/** A page in an order that is kept: the place of its first row, and how many rows it has. */
export interface SortedPage {
  readonly sort: string;
  readonly order: ListOrder;
  readonly after: ListPlace | undefined;
  readonly limit: number;
}

/**
 * A page by the order that is kept of a list, if it is: from as few sheets as can hold it, then, where the filter leaves too little of
 * them, from more. Undefined where that is not a whole page.
 *
 * @param read the page from these rows `u (creator_id)` of a FROM clause, which are those of the first sheets
 */
export async function readSorted<Row>(
  list: SortedList,
  page: SortedPage,
  isFiltered: boolean,
  read: (rows: SqlPiece) => Promise<Row[]>,
): Promise<Row[] | undefined> {
  const few = Math.ceil(page.limit / SHEET_ROWS) + 1;
  for (const sheets of isFiltered ? [few, MAX_SHEETS] : [few]) {
    const rows = await read(sheetRows(list, page, sheets));
    if (rows.length === page.limit) {
      return rows;
    }
  }
  return undefined;
}

function sheetRows(
  { programId, list, listNo }: SortedList,
  { sort, order, after }: SortedPage,
  sheets: number,
): SqlPiece {
  const own = piece`s.program_id = ${programId} AND s.list = ${list} AND s.list_no = ${listNo}::bigint AND s.sort = ${sort}`;
  const first = piece`(s.first_key, s.first_creator)`;
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
