import type { EventOut } from '@rewardbook/contracts/api/ingest/events';
import { query, type Sql } from '@rewardbook/db/client';
import { event } from '@rewardbook/db/schema';
import { eventType } from '@rewardbook/domain/events/event';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { and, asc, eq, sql as fragment } from 'drizzle-orm';

/** The key of the last event of a page: its identity, as the primary key orders it. */
export interface EventKey {
  readonly id: string;
  readonly source: string;
  readonly viewerId: string;
}

export interface EventsWanted {
  readonly viewerId?: string | undefined;
  readonly creatorId?: string | undefined;
  readonly after?: EventKey | undefined;
  readonly limit: number;
}

/** A page of events, and where the next one begins: undefined at the end. */
export interface EventsPage {
  readonly events: EventOut[];
  readonly next: EventKey | undefined;
}

/** Events that one page reads at most: there is no index by viewer or creator, which would slow down ingest. */
const WALKED_PER_PAGE = 50_000;

/**
 * Events by the bytes of (id, source, viewerId). A filter is applied while reading, and a page ends after a fixed
 * number of events, however few of them match: so no list keeps the database busy for long.
 */
export async function listEvents(
  sql: Sql,
  programId: number,
  wanted: EventsWanted,
  walked = WALKED_PER_PAGE,
): Promise<EventsPage> {
  const { viewerId, creatorId, after, limit } = wanted;
  const isFiltered = viewerId !== undefined || creatorId !== undefined;
  const fromHere = and(
    eq(event.programId, programId),
    after === undefined
      ? undefined
      : fragment`(${event.id}, ${event.source}, ${event.viewerId}) > (${after.id}, ${after.source}, ${after.viewerId})`,
  );
  const inOrder = [asc(event.id), asc(event.source), asc(event.viewerId)];
  const passed = query(sql)
    .select()
    .from(event)
    .where(fromHere)
    .orderBy(...inOrder)
    .limit(isFiltered ? walked : limit + 1)
    .as('passed');
  const rows = await query(sql)
    .select()
    .from(passed)
    .where(
      and(
        viewerId === undefined ? undefined : eq(passed.viewerId, viewerId),
        creatorId === undefined ? undefined : eq(passed.creatorId, creatorId),
      ),
    )
    .orderBy(asc(passed.id), asc(passed.source), asc(passed.viewerId))
    .limit(limit + 1);
  const events = rows.slice(0, limit).map(toEventOut);
  if (rows.length > limit) {
    return { events, next: rows[limit - 1] };
  }
  if (!isFiltered) {
    return { events, next: undefined };
  }
  const [last] = await query(sql)
    .select({ id: event.id, source: event.source, viewerId: event.viewerId })
    .from(event)
    .where(fromHere)
    .orderBy(...inOrder)
    .limit(1)
    .offset(walked - 1);
  return { events, next: last };
}

function toEventOut(row: typeof event.$inferSelect): EventOut {
  return {
    id: row.id,
    source: row.source,
    type: eventType(row.contentId === '', row.active),
    viewerId: row.viewerId,
    creatorId: row.creatorId,
    ...(row.contentId === '' ? {} : { contentId: row.contentId }),
    occurredAt: formatInstant(row.occurredAt),
  };
}
