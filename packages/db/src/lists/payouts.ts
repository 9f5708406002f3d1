import type { Sql } from '../client.ts';
import { beginsWith, contains, where } from './conditions.ts';
import { type CreatorSearch, type ListPage, readListPage } from './list-page.ts';
import { allOf, piece, runPiece, type SqlPiece } from './sql-piece.ts';

/** A creator in a run, as it was drafted. */
export interface RunPayout {
  readonly creatorId: string;
  readonly payoutNumber: number | null;
  readonly status: 'due' | 'waiting';
  readonly reason: string | null;
  readonly available: string;
  readonly gross: string;
  readonly taxedBefore: string;
  readonly withheld: string;
  readonly net: string;
  readonly taxCountry: string | null;
  readonly payee: string | null;
  readonly account: string | null;
  readonly isReturned: boolean;
}

/** Which payouts of a run. Amounts in major units, both ends included. */
export interface PayoutFilter extends CreatorSearch {
  readonly status?: 'due' | 'waiting' | 'returned' | undefined;
  /** Why it waits. */
  readonly reason?: string | undefined;
  readonly netFrom?: string | undefined;
  readonly netTo?: string | undefined;
  readonly availableFrom?: string | undefined;
  readonly availableTo?: string | undefined;
}

export type PayoutSort = 'creator' | 'net' | 'available';

/** Whose payouts, and which of them. */
export interface PayoutScope {
  readonly programId: number;
  readonly runNumber: number;
  readonly filter: PayoutFilter;
}

/** All of them by creator, from the first. */
export const BY_CREATOR = { sort: 'creator', order: 'asc', after: undefined } as const;

const creatorId = piece`p.creator_id`;
const SORTS = {
  creator: creatorId,
  net: piece`p.net`,
  available: piece`p.available`,
} as const satisfies Record<PayoutSort, SqlPiece>;

/** The payouts that a filter leaves, of the table `payout p`. */
export function payoutConditions({ programId, runNumber, filter }: PayoutScope): SqlPiece {
  const { status, reason, find, prefix, netFrom, netTo, availableFrom, availableTo } = filter;
  const isReturned = piece`${creatorId} IN (
    SELECT b.creator_id FROM payout_return b WHERE b.program_id = ${programId} AND b.run_no = ${runNumber})`;
  return allOf([
    piece`p.program_id = ${programId} AND p.run_no = ${runNumber}`,
    ...where(status, (value) => (value === 'returned' ? isReturned : piece`p.status = ${value}`)),
    ...where(reason, (value) => piece`p.reason = ${value}`),
    ...where(find, (value) => contains(creatorId, value)),
    ...where(prefix, (value) => beginsWith(creatorId, value)),
    ...where(netFrom, (value) => piece`p.net >= ${value}::numeric`),
    ...where(netTo, (value) => piece`p.net <= ${value}::numeric`),
    ...where(availableFrom, (value) => piece`p.available >= ${value}::numeric`),
    ...where(availableTo, (value) => piece`p.available <= ${value}::numeric`),
  ]);
}

const rowColumns = (programId: number, runNumber: number): SqlPiece => piece`
  p.creator_id AS "creatorId", p.payout_number AS "payoutNumber", p.status, p.reason, p.available::text, p.gross::text,
  p.taxed_before::text AS "taxedBefore", p.withheld::text, p.net::text, p.tax_country AS "taxCountry", p.payee, p.account,
  EXISTS (SELECT 1 FROM payout_return x WHERE x.program_id = ${programId} AND x.creator_id = p.creator_id
          AND x.run_no = ${runNumber}) AS "isReturned"`;

/** A page of the creators in a run. */
export function listPayouts(sql: Sql, scope: PayoutScope, page: ListPage<PayoutSort>): Promise<RunPayout[]> {
  const { programId, runNumber, filter } = scope;
  const list = {
    kept: { programId, list: 'payouts', listNo: runNumber },
    columns: rowColumns(programId, runNumber),
    rows: piece`payout p`,
    rowOfCreator: piece`
      SELECT * FROM payout r
      WHERE r.program_id = ${programId} AND r.creator_id = u.creator_id AND r.run_no = ${runNumber} OFFSET 0`,
    rowName: piece`p`,
    by: SORTS[page.sort],
    ...{ creatorId, filter, conditions: payoutConditions(scope) },
  } as const;
  return readListPage<RunPayout>(sql, list, page);
}

/** Sums of columns, in major units. */
export interface PayoutTotals {
  readonly count: number;
  readonly available: string;
  readonly gross: string;
  readonly withheld: string;
  readonly net: string;
}

export async function sumPayouts(sql: Sql, scope: PayoutScope): Promise<PayoutTotals> {
  const [row] = await runPiece<PayoutTotals>(
    sql,
    piece`
      SELECT count(*)::float8 AS count, coalesce(sum(p.available), 0)::text AS available, coalesce(sum(p.gross), 0)::text AS gross,
             coalesce(sum(p.withheld), 0)::text AS withheld, coalesce(sum(p.net), 0)::text AS net
      FROM payout p WHERE ${payoutConditions(scope)}`,
  );
  if (row === undefined) {
    throw new Error('a sum gave no row');
  }
  return row;
}
