import type { BatchOut } from '@rewardbook/contracts/api/ingest/batches';
import { query, type Sql } from '@rewardbook/db/client';
import { ingestBatch } from '@rewardbook/db/schema';
import { and, asc, eq, gt, isNull } from 'drizzle-orm';

export interface BatchesWanted {
  readonly untalliedOnly: boolean;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Batches by number. Numbers are reserved in advance, so a lower one may appear after a higher one. */
export async function listBatches(sql: Sql, programId: number, wanted: BatchesWanted): Promise<BatchOut[]> {
  const rows = await query(sql)
    .select()
    .from(ingestBatch)
    .where(
      and(
        eq(ingestBatch.programId, programId),
        wanted.untalliedOnly ? isNull(ingestBatch.talliedAt) : undefined,
        wanted.after === undefined ? undefined : gt(ingestBatch.batchId, wanted.after),
      ),
    )
    .orderBy(asc(ingestBatch.batchId))
    .limit(wanted.limit);
  return rows.map(toBatchOut);
}

export async function findBatch(sql: Sql, programId: number, batchId: number): Promise<BatchOut | undefined> {
  const [row] = await query(sql)
    .select()
    .from(ingestBatch)
    .where(and(eq(ingestBatch.programId, programId), eq(ingestBatch.batchId, batchId)));
  return row && toBatchOut(row);
}

function toBatchOut(row: typeof ingestBatch.$inferSelect): BatchOut {
  return {
    batchId: String(row.batchId),
    accepted: row.accepted,
    duplicates: row.duplicates,
    conflicts: row.conflicts,
    receivedAt: row.receivedAt.toISOString(),
    sealedAt: row.sealedAt?.toISOString() ?? null,
    talliedAt: row.talliedAt?.toISOString() ?? null,
  };
}
