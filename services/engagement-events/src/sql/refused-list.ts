import type { RefusedEventOut } from '@rewardbook/contracts/api/ingest/refused-events';
import { query, type Sql } from '@rewardbook/db/client';
import { refusedEvent } from '@rewardbook/db/schema';
import { and, asc, eq, gt } from 'drizzle-orm';

export interface RefusedWanted {
  readonly code?: string | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface ListedRefusal {
  readonly refusalId: number;
  readonly refused: RefusedEventOut;
}

/** Refused events in the order in which they were kept. */
export async function listRefused(sql: Sql, programId: number, wanted: RefusedWanted): Promise<ListedRefusal[]> {
  const rows = await query(sql)
    .select()
    .from(refusedEvent)
    .where(
      and(
        eq(refusedEvent.programId, programId),
        wanted.code === undefined ? undefined : eq(refusedEvent.code, wanted.code),
        wanted.after === undefined ? undefined : gt(refusedEvent.refusalId, wanted.after),
      ),
    )
    .orderBy(asc(refusedEvent.refusalId))
    .limit(wanted.limit);
  return rows.map((row) => ({
    refusalId: row.refusalId,
    refused: {
      index: row.lineIndex,
      id: row.eventId,
      code: row.code,
      message: row.message,
      event: row.body,
      receivedAt: row.receivedAt.toISOString(),
    },
  }));
}
