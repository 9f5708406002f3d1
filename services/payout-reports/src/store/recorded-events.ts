import type { Sql } from '@rewardbook/db/client';
import type { EngagementEvent } from '@rewardbook/domain/event';
import { inBatches, type ReportSource } from './in-batches.ts';

interface Row {
  id: string;
  source: string;
  viewerId: string;
  creatorId: string;
  contentId: string;
  active: boolean;
  occurredAt: string;
}

/** Which events of a program are recorded: another text of these three, other events. */
export interface RecordedState {
  /** The newest batch before which none is open; '0' where there is none. */
  readonly lastBatch: string;
  readonly batches: string;
  readonly accepted: string;
}

export async function recordedState(sql: Sql, programId: number): Promise<RecordedState> {
  const [row] = await sql<RecordedState[]>`
    SELECT coalesce(max(batch_id), 0)::text AS "lastBatch", count(*)::text AS batches, coalesce(sum(accepted), 0)::text AS accepted
    FROM ingest_batch
    WHERE program_id = ${programId} AND sealed_at IS NOT NULL
      AND batch_id < coalesce((SELECT min(batch_id) FROM ingest_batch WHERE program_id = ${programId} AND sealed_at IS NULL),
                              9223372036854775807)`;
  return row ?? { lastBatch: '0', batches: '0', accepted: '0' };
}

/** Accepted events of a program up to a batch, of one moment. */
export async function* recordedEvents(
  source: ReportSource,
  programId: number,
  lastBatch: string,
  bounds: { readonly start: number; readonly end: number } | undefined,
): AsyncGenerator<EngagementEvent> {
  const { start, end } = bounds ?? { start: null, end: null };
  const rows = inBatches<Row>(source, {
    text: `SELECT id, source, viewer_id AS "viewerId", creator_id AS "creatorId", content_id AS "contentId", active,
                  occurred_at AS "occurredAt"
           FROM event WHERE program_id = $1 AND batch_id <= $2::bigint
             AND ($3::bigint IS NULL OR occurred_at >= $3::bigint) AND ($4::bigint IS NULL OR occurred_at < $4::bigint)`,
    values: [programId, lastBatch, start, end],
  });
  for await (const batch of rows) {
    for (const { active, occurredAt, ...row } of batch) {
      const isFollow = row.contentId === '';
      const type = active ? (isFollow ? 'follow' : 'like') : isFollow ? 'unfollow' : 'unlike';
      yield { ...row, type, occurredAt: Number(occurredAt) };
    }
  }
}
