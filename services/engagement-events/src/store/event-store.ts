import type { EventOut } from '@rewardbook/contracts/events';
import { query, type Sql } from '@rewardbook/db/client';
import { event } from '@rewardbook/db/schema';
import { formatInstant } from '@rewardbook/domain/instant';
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

/** Events by the bytes of (id, source, viewerId). A filter is applied while walking, so a rare viewer takes a while. */
export async function listEvents(sql: Sql, programId: number, wanted: EventsWanted): Promise<EventOut[]> {
  const { viewerId, creatorId, after, limit } = wanted;
  const rows = await query(sql)
    .select()
    .from(event)
    .where(
      and(
        eq(event.programId, programId),
        viewerId === undefined ? undefined : eq(event.viewerId, viewerId),
        creatorId === undefined ? undefined : eq(event.creatorId, creatorId),
        after === undefined
          ? undefined
          : fragment`(${event.id}, ${event.source}, ${event.viewerId}) > (${after.id}, ${after.source}, ${after.viewerId})`,
      ),
    )
    .orderBy(asc(event.id), asc(event.source), asc(event.viewerId))
    .limit(limit);
  return rows.map((row) => ({
    id: row.id,
    source: row.source,
    type: row.contentId === '' ? (row.active ? 'follow' : 'unfollow') : row.active ? 'like' : 'unlike',
    viewerId: row.viewerId,
    creatorId: row.creatorId,
    ...(row.contentId === '' ? {} : { contentId: row.contentId }),
    occurredAt: formatInstant(row.occurredAt),
  }));
}
