import type { EventOut } from '@rewardbook/contracts/api/ingest/events';
import type { Sql } from '@rewardbook/db/client';
import { eventType } from '@rewardbook/domain/events/event';
import { formatInstant } from '@rewardbook/domain/values/instant';
import type { Fragment } from 'postgres';

/** A row of the table of events. */
export interface StoredEvent {
  readonly id: string;
  readonly source: string;
  readonly viewerId: string;
  readonly creatorId: string;
  readonly contentId: string;
  readonly active: boolean;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  readonly batchId: number;
}

export function eventColumns(sql: Sql): Fragment {
  return sql`
    id, source, viewer_id AS "viewerId", creator_id AS "creatorId", content_id AS "contentId", active,
    occurred_at::float8 AS "occurredAt", batch_id::float8 AS "batchId"`;
}

/** In the form in which events are sent. */
export function toEventOut({ contentId, active, ...row }: StoredEvent): EventOut {
  return {
    id: row.id,
    source: row.source,
    type: eventType(contentId === '', active),
    viewerId: row.viewerId,
    creatorId: row.creatorId,
    ...(contentId === '' ? {} : { contentId }),
    occurredAt: formatInstant(row.occurredAt),
  };
}
