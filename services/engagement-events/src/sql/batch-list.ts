import type { BatchesFilter, BatchesTotals, BatchOut } from '@rewardbook/contracts/api/ingest/batches';
import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '@rewardbook/db/client';
import type { Fragment } from 'postgres';

export interface BatchesWanted {
  readonly state: BatchesFilter['state'];
  readonly order: ListOrder;
  /** The number of the last one before. */
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface BatchesPage {
  readonly batches: BatchOut[];
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined;
  /** Batches that were looked through; null where an index found those that are listed. */
  readonly searched: number | null;
}

/** Batches that one page looks through, where its filter has no index. */
const WALKED_PER_PAGE = 50_000;
/** Batches that totals look through. */
const MAX_SUMMED = 200_000;

interface BatchRow {
  readonly batchId: string;
  readonly accepted: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly receivedAt: Date;
  readonly sealedAt: Date | null;
  readonly talliedAt: Date | null;
}

/** Batches by number, which is the order of time but for a few seconds. */
export async function listBatches(sql: Sql, programId: number, wanted: BatchesWanted): Promise<BatchesPage> {
  const { state, order, after, limit } = wanted;
  const isWalk = state === 'tallied' || state === 'conflicts';
  const direction = order === 'desc' ? sql`DESC` : sql`ASC`;
  const comparison = order === 'desc' ? sql`<` : sql`>`;
  const passed = sql`
    SELECT * FROM ingest_batch
    WHERE program_id = ${programId} AND ${after === undefined ? sql`true` : sql`batch_id ${comparison} ${after}::bigint`}
      AND ${isWalk ? sql`true` : stateCondition(sql, state)}
    ORDER BY batch_id ${direction} LIMIT ${isWalk ? WALKED_PER_PAGE : limit + 1}`;
  const rows = await sql<BatchRow[]>`
    SELECT ${batchColumns(sql)} FROM (${passed}) AS passed WHERE ${stateCondition(sql, state)}
    ORDER BY batch_id ${direction} LIMIT ${limit + 1}`;
  const batches = rows.slice(0, limit).map(toBatchOut);
  if (rows.length > limit) {
    return { batches, next: Number(rows[limit - 1]?.batchId), searched: isWalk ? WALKED_PER_PAGE : null };
  }
  if (!isWalk) {
    return { batches, next: undefined, searched: null };
  }
  const [end] = await sql<{ looked: number; last: number | null }[]>`
    SELECT count(*)::integer AS looked, ${order === 'desc' ? sql`min(batch_id)` : sql`max(batch_id)`}::float8 AS last
    FROM (${passed}) AS passed`;
  const looked = end?.looked ?? 0;
  return { batches, next: looked === WALKED_PER_PAGE ? (end?.last ?? undefined) : undefined, searched: looked };
}

export async function findBatch(sql: Sql, programId: number, batchId: number): Promise<BatchOut | undefined> {
  const [row] = await sql<BatchRow[]>`
    SELECT ${batchColumns(sql)} FROM ingest_batch WHERE program_id = ${programId} AND batch_id = ${batchId}::bigint`;
  return row && toBatchOut(row);
}

/** Sums over the newest batches. */
export async function sumBatches(
  sql: Sql,
  programId: number,
  { state }: BatchesFilter,
  most = MAX_SUMMED,
): Promise<BatchesTotals> {
  const [row] = await sql<(Omit<BatchesTotals, 'isWhole'> & { searched: number })[]>`
    SELECT count(*) FILTER (WHERE ${stateCondition(sql, state)})::integer AS count,
           coalesce(sum(accepted) FILTER (WHERE ${stateCondition(sql, state)}), 0)::float8 AS accepted,
           coalesce(sum(duplicates) FILTER (WHERE ${stateCondition(sql, state)}), 0)::float8 AS duplicates,
           coalesce(sum(conflicts) FILTER (WHERE ${stateCondition(sql, state)}), 0)::float8 AS conflicts,
           count(*)::integer AS searched
    FROM (SELECT * FROM ingest_batch WHERE program_id = ${programId} ORDER BY batch_id DESC LIMIT ${most}) AS passed`;
  if (row === undefined) {
    throw new Error('a sum gave no row');
  }
  return { ...row, isWhole: row.searched < most };
}

function stateCondition(sql: Sql, state: BatchesFilter['state']): Fragment {
  switch (state) {
    case 'all':
      return sql`true`;
    case 'untallied':
      return sql`tallied_at IS NULL`;
    case 'tallied':
      return sql`tallied_at IS NOT NULL`;
    case 'conflicts':
      return sql`conflicts > 0`;
  }
}

function batchColumns(sql: Sql): Fragment {
  return sql`
    batch_id::text AS "batchId", accepted, duplicates, conflicts, received_at AS "receivedAt", sealed_at AS "sealedAt",
    tallied_at AS "talliedAt"`;
}

function toBatchOut({ receivedAt, sealedAt, talliedAt, ...counts }: BatchRow): BatchOut {
  return {
    ...counts,
    receivedAt: receivedAt.toISOString(),
    sealedAt: sealedAt?.toISOString() ?? null,
    talliedAt: talliedAt?.toISOString() ?? null,
  };
}
