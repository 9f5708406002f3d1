import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Sql } from '../client.ts';
import { beginsWith, contains, startsAt, where } from './conditions.ts';
import { allOf, piece, runPiece, type SqlPiece } from './sql-piece.ts';

/** Registered creators that are looked at for a page or a count: what is sought has no index but its id. */
const MAX_WALKED = 50_000;

/** Which registered creators. */
export interface CreatorFilter {
  /** A part of the id or the handle. */
  readonly find?: string | undefined;
  readonly prefix?: string | undefined;
  readonly country?: string | undefined;
  readonly onHold?: boolean | undefined;
}

/** Which creators of a registry as of a version. */
export interface CreatorScope {
  readonly programId: number;
  readonly version: number;
  readonly filter: CreatorFilter;
}

export interface CreatorPage {
  readonly order: ListOrder;
  readonly after: string | undefined;
  readonly from?: string | undefined;
  readonly limit: number;
  /** With what is payable, and whether they are on hold. */
  readonly withBalances: boolean;
}

export type ListedCreator = RegisteredCreator & { readonly payable: string | null; readonly onHold: boolean | null };

/** A page, and how far the search for it went. */
export interface CreatorsFound {
  readonly rows: readonly ListedCreator[];
  readonly searched: number;
  /** The last creator that was looked at, if there may be more. */
  readonly next: string | null;
}

const creatorId = piece`c.creator_id`;
const columns = piece`
  c.creator_id AS "creatorId", c.handle, c.country, c.joined_on::text AS "joinedOn", c.followers::float8 AS followers,
  c.viewer_ids AS "viewerIds", c.scout_id AS "scoutId", c.scouted_on::text AS "scoutedOn", c.tax_country AS "taxCountry", c.payee, c.account`;

/** What is looked at: by the registry's key. */
function walkOf(
  { programId, version, filter }: CreatorScope,
  page: Pick<CreatorPage, 'order' | 'after' | 'from'>,
): SqlPiece {
  const isDescending = page.order === 'desc';
  const conditions = allOf([
    piece`c.program_id = ${programId} AND c.version <= ${version}`,
    ...where(page.after, (id) => (isDescending ? piece`${creatorId} < ${id}` : piece`${creatorId} > ${id}`)),
    ...where(page.from, (id) => startsAt(creatorId, page.order, id)),
    ...where(filter.prefix, (value) => beginsWith(creatorId, value)),
    ...(filter.onHold === true
      ? [piece`${creatorId} = ANY (ARRAY(SELECT h.creator_id FROM holds_in_force(${programId}) h))`]
      : []),
  ]);
  return piece`
    SELECT DISTINCT ON (c.creator_id) c.* FROM creator c WHERE ${conditions}
    ORDER BY ${isDescending ? piece`c.creator_id DESC` : creatorId}, c.version DESC`;
}

/** What of it is sought. */
function soughtOf({ programId, filter }: CreatorScope): SqlPiece {
  return allOf([
    ...where(
      filter.find,
      (text) => piece`(${contains(creatorId, text)} OR ${contains(piece`coalesce(c.handle, '') COLLATE "C"`, text)})`,
    ),
    ...where(filter.country, (country) => piece`c.country = ${country}`),
    ...(filter.onHold === false
      ? [piece`${creatorId} <> ALL (ARRAY(SELECT h.creator_id FROM holds_in_force(${programId}) h))`]
      : []),
  ]);
}

/** All creators that a filter leaves, by id. */
export function creatorsQuery(scope: CreatorScope): SqlPiece {
  const walk = walkOf(scope, { order: 'asc', after: undefined });
  return piece`SELECT ${columns} FROM (${walk}) AS c WHERE ${soughtOf(scope)} ORDER BY c.creator_id`;
}

/** A page of the creators that a filter leaves. A search that finds little ends after MAX_WALKED creators. */
export async function searchCreators(sql: Sql, scope: CreatorScope, page: CreatorPage): Promise<CreatorsFound> {
  const { find, country, onHold } = scope.filter;
  const isSearch = find !== undefined || country !== undefined || onHold === false;
  const span = isSearch ? MAX_WALKED : page.limit + 1;
  const orderBy = page.order === 'desc' ? piece`c.creator_id DESC` : creatorId;
  const balances = page.withBalances
    ? piece`(-balance_of(${scope.programId}, payable_account(c.creator_id), c.creator_id))::text AS payable,
            c.creator_id = ANY (ARRAY(SELECT h.creator_id FROM holds_in_force(${scope.programId}) h)) AS "onHold"`
    : piece`NULL AS payable, NULL::boolean AS "onHold"`;
  const found = await runPiece<
    { searched: number; edge: string | null } & { [Key in keyof ListedCreator]: ListedCreator[Key] }
  >(
    sql,
    piece`
      WITH walked AS MATERIALIZED (${walkOf(scope, page)} LIMIT ${span}),
      hit AS MATERIALIZED (SELECT * FROM walked c WHERE ${soughtOf(scope)} ORDER BY ${orderBy} LIMIT ${page.limit + 1})
      SELECT w.searched, w.edge, ${columns}, ${balances}
      FROM (
        SELECT count(*)::float8 AS searched, ${page.order === 'desc' ? piece`min(creator_id)` : piece`max(creator_id)`} AS edge FROM walked
      ) AS w LEFT JOIN hit c ON true
      ORDER BY ${orderBy}`,
  );
  const [first] = found;
  const rows = found
    .filter(({ creatorId: id }) => id !== null)
    .map(({ searched: _searched, edge: _edge, ...row }) => row);
  const kept = rows.slice(0, page.limit);
  const searched = first?.searched ?? 0;
  if (rows.length > page.limit) {
    return { rows: kept, searched, next: kept.at(-1)?.creatorId ?? null };
  }
  return { rows: kept, searched, next: isSearch && searched === span ? (first?.edge ?? null) : null };
}

/** How many creators a filter leaves, of the first MAX_WALKED. */
export async function countCreators(
  sql: Sql,
  scope: CreatorScope,
): Promise<{ readonly count: number; readonly searched: number; readonly isExact: boolean }> {
  const walk = walkOf(scope, { order: 'asc', after: undefined });
  const [row] = await runPiece<{ count: number; searched: number }>(
    sql,
    piece`
      SELECT count(*) FILTER (WHERE ${soughtOf(scope)})::float8 AS count, count(*)::float8 AS searched
      FROM (${walk} LIMIT ${MAX_WALKED + 1}) AS c`,
  );
  if (row === undefined) {
    throw new Error('a count gave no row');
  }
  const isExact = row.searched <= MAX_WALKED;
  return { ...row, isExact };
}
