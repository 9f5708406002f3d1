import type { Sql } from '@rewardbook/db/client';
import { type EngagementEvent, eventType } from '@rewardbook/domain/events/event';
import { inBatches, type ReportSource } from '../service/read-cursor.ts';

interface Row {
  id: string;
  source: string;
  viewerId: string;
  creatorId: string;
  contentId: string;
  active: boolean;
  occurredAt: string;
  seenAt: number;
}

/** Identifies the recorded events of a program: if any of these three differs, so do the events. */
export interface RecordedState {
  /** The newest batch with no open batch before it; '0' if no batch is sealed. */
  readonly lastBatch: string;
  /** Those up to `lastBatch`, and all that the closes saw, with the events in them. */
  readonly batches: string;
  readonly accepted: string;
}

/** @param closes how many closes have begun: what they saw is settled */
export async function recordedState(sql: Sql, programId: number, closes: number): Promise<RecordedState> {
  const [row] = await sql<RecordedState[]>`
    WITH newest AS (
      SELECT coalesce(max(batch_id), 0) AS batch_id FROM ingest_batch
      WHERE program_id = ${programId} AND sealed_at IS NOT NULL
        AND batch_id < coalesce((SELECT min(batch_id) FROM ingest_batch WHERE program_id = ${programId} AND sealed_at IS NULL),
                                9223372036854775807)
    )
    SELECT n.batch_id::text AS "lastBatch", count(b.batch_id)::text AS batches, coalesce(sum(b.accepted), 0)::text AS accepted
    FROM newest n
    LEFT JOIN ingest_batch b ON b.program_id = ${programId} AND b.sealed_at IS NOT NULL AND b.accepted > 0
      AND (b.batch_id <= n.batch_id OR b.seen_close <= ${closes})
    GROUP BY n.batch_id`;
  return row ?? { lastBatch: '0', batches: '0', accepted: '0' };
}

/** Which events to read. */
export interface RecordedQuery {
  readonly programId: number;
  readonly lastBatch: string;
  readonly closes: number;
  /** Only what happened before this instant, epoch milliseconds; null: all. */
  readonly before: number | null;
}

/** An accepted event and the number of the first close that saw it, or is to see it. */
export interface RecordedEvent {
  readonly event: EngagementEvent;
  readonly seenAt: number;
}

/** Accepted events of a program, of one moment. */
export async function* recordedEvents(
  source: ReportSource,
  { programId, lastBatch, closes, before }: RecordedQuery,
): AsyncGenerator<RecordedEvent> {
  const rows = inBatches<Row>(source, {
    text: `SELECT e.id, e.source, e.viewer_id AS "viewerId", e.creator_id AS "creatorId", e.content_id AS "contentId", e.active,
                  e.occurred_at AS "occurredAt", least(coalesce(b.seen_close, $3 + 1), $3 + 1) AS "seenAt"
           FROM event e JOIN ingest_batch b ON b.batch_id = e.batch_id
           WHERE e.program_id = $1 AND b.program_id = $1 AND b.sealed_at IS NOT NULL
             AND (b.batch_id <= $2::bigint OR b.seen_close <= $3::integer)
             AND ($4::bigint IS NULL OR e.occurred_at < $4::bigint)`,
    values: [programId, lastBatch, closes, before],
    isOfMany: true,
  });
  for await (const batch of rows) {
    for (const { active, occurredAt, seenAt, ...row } of batch) {
      const type = eventType(row.contentId === '', active);
      yield { event: { ...row, type, occurredAt: Number(occurredAt) }, seenAt };
    }
  }
}
