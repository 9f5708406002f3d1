import type { EventsFilter } from '@rewardbook/contracts/api/ingest/events';
import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '@rewardbook/db/client';
import { eventConditions, isSearch } from './event-conditions.ts';
import { eventColumns, type StoredEvent } from './event-row.ts';

/** The key of an event: its identity, as the primary key orders it. */
export interface EventKey {
  readonly id: string;
  readonly source: string;
  readonly viewerId: string;
}

export interface EventsByIdWanted {
  readonly filter: EventsFilter;
  readonly order: ListOrder;
  readonly after: EventKey | undefined;
  readonly limit: number;
}

/** A page of events, and where the next one begins: undefined at the end. */
export interface EventsPage<Key> {
  readonly events: readonly StoredEvent[];
  readonly next: Key | undefined;
  /** Events that were looked through; null where an index found those that are listed. */
  readonly searched: number | null;
}

/** Events that one page reads at most: there is no index by viewer or creator, which would slow down ingest. */
export const WALKED_PER_PAGE = 50_000;

/**
 * Events by the bytes of (id, source, viewerId). A filter is applied while reading, and a page ends after a fixed
 * number of events, however few of them match: so no list keeps the database busy for long.
 */
export async function listEventsById(
  sql: Sql,
  programId: number,
  { filter, order, after, limit }: EventsByIdWanted,
  walked = WALKED_PER_PAGE,
): Promise<EventsPage<EventKey>> {
  const isWalk = isSearch(filter) || filter.batchId !== undefined;
  const isDescending = order === 'desc';
  const direction = isDescending ? sql`DESC` : sql`ASC`;
  const inOrder = sql`id ${direction}, source ${direction}, viewer_id ${direction}`;
  const comparison = isDescending ? sql`<` : sql`>`;
  const fromHere = sql`
    program_id = ${programId} AND ${filter.id === undefined ? sql`true` : sql`id = ${filter.id}`}
    AND ${after === undefined ? sql`true` : sql`(id, source, viewer_id) ${comparison} (${after.id}, ${after.source}, ${after.viewerId})`}`;
  const passed = sql`SELECT * FROM event WHERE ${fromHere} ORDER BY ${inOrder} LIMIT ${isWalk ? walked : limit + 1}`;
  const rows = await sql<StoredEvent[]>`
    SELECT ${eventColumns(sql)} FROM (${passed}) AS passed
    WHERE ${eventConditions(sql, filter)} ORDER BY ${inOrder} LIMIT ${limit + 1}`;
  const events = rows.slice(0, limit);
  if (rows.length > limit) {
    return { events, next: rows[limit - 1], searched: isWalk ? walked : null };
  }
  if (!isWalk) {
    return { events, next: undefined, searched: null };
  }
  const [end] = await sql<EventKey[]>`
    SELECT id, source, viewer_id AS "viewerId" FROM event WHERE ${fromHere} ORDER BY ${inOrder} LIMIT 1 OFFSET ${walked - 1}`;
  if (end !== undefined) {
    return { events, next: end, searched: walked };
  }
  const [looked] = await sql<{ count: number }[]>`SELECT count(*)::integer AS count FROM (${passed}) AS passed`;
  return { events, next: undefined, searched: looked?.count ?? 0 };
}
