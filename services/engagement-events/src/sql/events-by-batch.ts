import type { EventsFilter } from '@rewardbook/contracts/api/ingest/events';
import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '@rewardbook/db/client';
import type { Fragment } from 'postgres';
import { boundsOf, eventConditions, isSearch } from './event-conditions.ts';
import { eventColumns, type StoredEvent } from './event-row.ts';
import { type EventKey, type EventsPage, WALKED_PER_PAGE } from './events-by-id.ts';

/** A place among the events in the order in which they came: of an event, or of the end of a batch (an empty id). */
export interface ReceivedKey extends EventKey {
  readonly batchId: number;
}

export interface EventsByBatchWanted {
  readonly filter: EventsFilter;
  readonly order: ListOrder;
  readonly after: ReceivedKey | undefined;
  readonly limit: number;
}

interface Batch {
  readonly batchId: number;
  readonly accepted: number;
  readonly occurredMin: number;
  readonly occurredMax: number;
}

/** The batches whose events a page reads. */
interface Walk {
  /** Numbers from and to, with the ends. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly events: number;
  /** The last batch that was considered, if there are more after it. */
  readonly lastBatch: number | undefined;
}

const BATCHES_PER_PAGE = 1_000;
/** Each range is one search of the index, which knows where on disk the batches of a range lie. */
const RANGES_PER_PAGE = 32;
/** Numbers between two batches that are read as one range: few, since they may be large batches of other programs. */
const MAX_GAP = 4;
/** All is read as one range where it has no more batches and events than this, those of other programs among them. */
const MAX_AS_ONE = { batches: 5_000, events: 4 * WALKED_PER_PAGE };

/**
 * Events in the order of their batches, which is that of time but for a few seconds; within a batch by id. Batches that a range of
 * time leaves out are not read. A page ends after a fixed number of events or batches, and may have few events or none.
 */
export async function listEventsByBatch(
  sql: Sql,
  programId: number,
  { filter, order, after, limit }: EventsByBatchWanted,
  walked = WALKED_PER_PAGE,
): Promise<EventsPage<ReceivedKey>> {
  const isWalk = isSearch(filter);
  const batches = await readBatches(sql, programId, { filter, order, after });
  const walk = await walkOf(sql, batches, filter, isWalk ? walked : limit + 1 + (batches[0]?.accepted ?? 0));
  const direction = order === 'desc' ? sql`DESC` : sql`ASC`;
  const comparison = order === 'desc' ? sql`<` : sql`>`;
  const fromHere =
    after === undefined || after.id === ''
      ? sql`true`
      : sql`(batch_id, id, source, viewer_id) ${comparison} (${after.batchId}::bigint, ${after.id}, ${after.source}, ${after.viewerId})`;
  const rows =
    walk.ranges.length === 0
      ? []
      : await sql<StoredEvent[]>`
          SELECT ${eventColumns(sql)} FROM event
          WHERE program_id = ${programId} AND (${inRanges(sql, walk)}) AND ${fromHere} AND ${eventConditions(sql, filter)}
          ORDER BY batch_id ${direction}, id ${direction}, source ${direction}, viewer_id ${direction} LIMIT ${limit + 1}`;
  const events = rows.slice(0, limit);
  const searched = isWalk ? walk.events : null;
  if (rows.length > limit) {
    return { events, next: rows[limit - 1], searched };
  }
  const { lastBatch } = walk;
  return {
    events,
    next: lastBatch === undefined ? undefined : { batchId: lastBatch, id: '', source: '', viewerId: '' },
    searched,
  };
}

/** How many events of the newest batches a filter leaves. */
export async function countEventsByBatch(
  sql: Sql,
  programId: number,
  { filter, after }: Pick<EventsByBatchWanted, 'filter' | 'after'>,
): Promise<{ readonly count: number; readonly searched: number; readonly next: ReceivedKey | undefined }> {
  const batches = await readBatches(sql, programId, { filter, order: 'desc', after });
  const walk = await walkOf(sql, batches, filter, WALKED_PER_PAGE);
  const { lastBatch } = walk;
  const next = lastBatch === undefined ? undefined : { batchId: lastBatch, id: '', source: '', viewerId: '' };
  if (!isSearch(filter)) {
    return { count: walk.events, searched: walk.events, next };
  }
  const [row] =
    walk.ranges.length === 0
      ? []
      : await sql<{ count: number }[]>`
          SELECT count(*)::integer AS count FROM event
          WHERE program_id = ${programId} AND (${inRanges(sql, walk)}) AND ${eventConditions(sql, filter)}`;
  return { count: row?.count ?? 0, searched: walk.events, next };
}

async function readBatches(
  sql: Sql,
  programId: number,
  { filter, order, after }: Pick<EventsByBatchWanted, 'filter' | 'order' | 'after'>,
): Promise<readonly Batch[]> {
  const direction = order === 'desc' ? sql`DESC` : sql`ASC`;
  return sql<Batch[]>`
    SELECT batch_id::float8 AS "batchId", accepted, occurred_min::float8 AS "occurredMin", occurred_max::float8 AS "occurredMax"
    FROM ingest_batch
    WHERE program_id = ${programId} AND ${after === undefined ? sql`true` : batchesAfter(sql, order, after)}
      AND ${filter.batchId === undefined ? sql`true` : sql`batch_id = ${filter.batchId}::bigint`}
    ORDER BY batch_id ${direction} LIMIT ${BATCHES_PER_PAGE}`;
}

/** The batch of an event, of which there may be more, and those that follow; after the end of a batch only these. */
function batchesAfter(sql: Sql, order: ListOrder, { batchId, id }: ReceivedKey): Fragment {
  if (order === 'desc') {
    return id === '' ? sql`batch_id < ${batchId}::bigint` : sql`batch_id <= ${batchId}::bigint`;
  }
  return id === '' ? sql`batch_id > ${batchId}::bigint` : sql`batch_id >= ${batchId}::bigint`;
}

/** Numbers that nobody used lie between batches as well as those of other programs: only the database can tell them apart. */
async function walkOf(sql: Sql, batches: readonly Batch[], filter: EventsFilter, budget: number): Promise<Walk> {
  const asOne = planWalk(batches, filter, budget, Number.POSITIVE_INFINITY);
  const [range] = asOne.ranges;
  if (range === undefined) {
    return asOne;
  }
  const [all] = await sql<{ batches: number; events: number }[]>`
    SELECT count(*)::integer AS batches, coalesce(sum(accepted), 0)::float8 AS events
    FROM (
      SELECT accepted FROM ingest_batch WHERE batch_id BETWEEN ${range[0]}::bigint AND ${range[1]}::bigint
      LIMIT ${MAX_AS_ONE.batches + 1}
    ) AS between_them`;
  const isLight = all !== undefined && all.batches <= MAX_AS_ONE.batches && all.events <= MAX_AS_ONE.events;
  return isLight ? asOne : planWalk(batches, filter, budget, MAX_GAP);
}

/** As many of these batches as come to the budget of events, or to as many ranges as one page reads. */
export function planWalk(batches: readonly Batch[], filter: EventsFilter, budget: number, maxGap: number): Walk {
  const [from, until] = boundsOf(filter);
  const ranges: [number, number][] = [];
  let events = 0;
  let last: number | undefined;
  for (const { batchId, accepted, occurredMin, occurredMax } of batches) {
    const mayMatch = accepted > 0 && (from === null || occurredMax >= from) && (until === null || occurredMin < until);
    const range = ranges.at(-1);
    const isNear =
      range !== undefined && Math.min(Math.abs(batchId - range[0]), Math.abs(batchId - range[1])) <= maxGap;
    if (mayMatch && !isNear && ranges.length === RANGES_PER_PAGE) {
      return { ranges, events, lastBatch: last };
    }
    last = batchId;
    if (!mayMatch) {
      continue;
    }
    if (isNear) {
      range[0] = Math.min(range[0], batchId);
      range[1] = Math.max(range[1], batchId);
    } else {
      ranges.push([batchId, batchId]);
    }
    events += accepted;
    if (events >= budget) {
      return { ranges, events, lastBatch: last };
    }
  }
  return { ranges, events, lastBatch: batches.length === BATCHES_PER_PAGE ? last : undefined };
}

function inRanges(sql: Sql, { ranges }: Walk): Fragment {
  return ranges
    .map(([from, to]) => sql`batch_id BETWEEN ${from}::bigint AND ${to}::bigint`)
    .reduce((all, one) => sql`${all} OR ${one}`);
}
