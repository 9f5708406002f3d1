import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '../client.ts';
import { keyset, type ListPlace, startsAt } from './conditions.ts';
import { readSorted, type SortedList } from './sheets.ts';
import { piece, runPiece, type SqlPiece } from './sql-piece.ts';

/** A page of a list by creator, or by an amount of theirs. */
export interface ListPage<Sort extends string> {
  readonly sort: Sort;
  readonly order: ListOrder;
  readonly after: ListPlace | undefined;
  readonly from?: string | undefined;
  readonly limit: number;
}

/** What a filter may ask for of each creator's id: a part of it, and its beginning. */
export interface CreatorSearch {
  readonly find?: string | undefined;
  readonly prefix?: string | undefined;
}

/** A list of creators that is long, and whose rows never change. */
export interface LongList {
  readonly kept: SortedList;
  readonly columns: SqlPiece;
  /** Where its rows are: `payout p`. */
  readonly rows: SqlPiece;
  /** Its row of a creator `u.creator_id`, by a key, as that table: `SELECT … WHERE … OFFSET 0`, and its name. */
  readonly rowOfCreator: SqlPiece;
  readonly rowName: SqlPiece;
  readonly by: SqlPiece;
  readonly creatorId: SqlPiece;
  readonly filter: CreatorSearch;
  /** What the filter asks for, and which list it is. */
  readonly conditions: SqlPiece;
}

/**
 * A page of a long list. By creator it is read by the table's key. By an amount: by the order that is kept of a long list; without one,
 * or where too little of it fits the filter, all of the list is sorted.
 */
export async function readListPage<Row extends object>(
  sql: Sql,
  list: LongList,
  page: ListPage<string>,
): Promise<Row[]> {
  const { columns, creatorId, filter } = list;
  const place = keyset({ by: list.by, type: 'numeric', id: creatorId, order: page.order }, page.after);
  const conditions = piece`${list.conditions} AND ${place.isAfter}`;
  const end = piece`ORDER BY ${place.orderBy} LIMIT ${page.limit}`;
  const isSearch = filter.find !== undefined || filter.prefix !== undefined;
  if (page.sort !== 'creator' && !isSearch) {
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const rows = await readSorted(list.kept, page, isFiltered, (sorted) =>
      runPiece<Row>(
        sql,
        piece`
          SELECT ${columns} FROM ${sorted} CROSS JOIN LATERAL (${list.rowOfCreator}) AS ${list.rowName}
          WHERE ${conditions} ${end}`,
      ),
    );
    if (rows !== undefined) {
      return rows;
    }
  }
  const from = page.from === undefined ? piece`true` : startsAt(creatorId, page.order, page.from);
  return runPiece<Row>(sql, piece`SELECT ${columns} FROM ${list.rows} WHERE ${conditions} AND ${from} ${end}`);
}
