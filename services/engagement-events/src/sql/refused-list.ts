import type {
  RefusedEventOut,
  RefusedEventsFilter,
  RefusedEventsTotals,
} from '@rewardbook/contracts/api/ingest/refused-events';
import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '@rewardbook/db/client';
import type { Fragment } from 'postgres';

export interface RefusedWanted {
  readonly filter: RefusedEventsFilter;
  readonly order: ListOrder;
  /** The number of the last one before. */
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface RefusedPage {
  readonly refused: RefusedEventOut[];
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined;
  /** Refused events that were looked through; null where an index found those that are listed. */
  readonly searched: number | null;
}

/** Refused events that one page looks through, each of 4 KB at most. */
const WALKED_PER_PAGE = 20_000;
/** Refused events that totals look through. */
const MAX_COUNTED = 50_000;

interface RefusedRow extends Omit<RefusedEventOut, 'receivedAt'> {
  readonly receivedAt: Date;
}

/** Refused events in the order in which they were kept, or the other way round. */
export async function listRefused(
  sql: Sql,
  programId: number,
  { filter, order, after, limit }: RefusedWanted,
  walked = WALKED_PER_PAGE,
): Promise<RefusedPage> {
  const isWalk = isSearch(filter);
  const direction = order === 'desc' ? sql`DESC` : sql`ASC`;
  const comparison = order === 'desc' ? sql`<` : sql`>`;
  const passed = sql`
    SELECT * FROM refused_event
    WHERE program_id = ${programId} AND ${filter.code === undefined ? sql`true` : sql`code = ${filter.code}`}
      AND ${after === undefined ? sql`true` : sql`refusal_id ${comparison} ${after}::bigint`}
    ORDER BY refusal_id ${direction} LIMIT ${isWalk ? walked : limit + 1}`;
  const rows = await sql<RefusedRow[]>`
    SELECT refusal_id::text AS refusal, line_index AS index, event_id AS id, code, message, body AS event,
           received_at AS "receivedAt"
    FROM (${passed}) AS passed WHERE ${searchCondition(sql, filter)}
    ORDER BY refusal_id ${direction} LIMIT ${limit + 1}`;
  const refused = rows.slice(0, limit).map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }));
  if (rows.length > limit) {
    return { refused, next: Number(rows[limit - 1]?.refusal), searched: isWalk ? walked : null };
  }
  if (!isWalk) {
    return { refused, next: undefined, searched: null };
  }
  const [end] = await sql<{ looked: number; last: number | null }[]>`
    SELECT count(*)::integer AS looked, ${order === 'desc' ? sql`min(refusal_id)` : sql`max(refusal_id)`}::float8 AS last
    FROM (${passed}) AS passed`;
  const looked = end?.looked ?? 0;
  return { refused, next: looked === walked ? (end?.last ?? undefined) : undefined, searched: looked };
}

/** How many of the newest refused events a filter leaves, by code. */
export async function countRefused(
  sql: Sql,
  programId: number,
  filter: RefusedEventsFilter,
  most = MAX_COUNTED,
): Promise<RefusedEventsTotals> {
  const rows = await sql<{ code: string; count: number; searched: number }[]>`
    SELECT code, count(*) FILTER (WHERE ${searchCondition(sql, filter)})::integer AS count, count(*)::integer AS searched
    FROM (
      SELECT * FROM refused_event
      WHERE program_id = ${programId} AND ${filter.code === undefined ? sql`true` : sql`code = ${filter.code}`}
      ORDER BY refusal_id DESC LIMIT ${most}
    ) AS passed GROUP BY code ORDER BY 2 DESC, code`;
  const searched = rows.reduce((sum, row) => sum + row.searched, 0);
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    codes: rows.filter(({ count }) => count > 0).map(({ code, count }) => ({ code, count })),
    searched,
    isWhole: searched < most,
  };
}

function isSearch({ id, viewerId, creatorId, search }: RefusedEventsFilter): boolean {
  return [id, viewerId, creatorId, search].some((one) => one !== undefined);
}

function searchCondition(sql: Sql, { id, viewerId, creatorId, search }: RefusedEventsFilter): Fragment {
  const conditions = [
    ...(id === undefined ? [] : [sql`event_id = ${id}`]),
    ...(viewerId === undefined ? [] : [sql`body ~ ${memberPattern('viewerId', viewerId)}`]),
    ...(creatorId === undefined ? [] : [sql`body ~ ${memberPattern('creatorId', creatorId)}`]),
    ...(search === undefined
      ? []
      : [
          sql`(strpos(body, ${search}) > 0 OR strpos(message, ${search}) > 0 OR strpos(coalesce(event_id, ''), ${search}) > 0)`,
        ]),
  ];
  return conditions.reduce((all, one) => sql`${all} AND ${one}`, sql`true`);
}

/** A regular expression of Postgres for a member of a JSON text, whole or cut. */
function memberPattern(name: string, value: string): string {
  const literal = JSON.stringify(value).replace(/[^\p{L}\p{N}\s_]/gu, '\\$&');
  return `"${name}"\\s*:\\s*${literal}`;
}
