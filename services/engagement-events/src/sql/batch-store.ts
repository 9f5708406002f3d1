import { plainArray, textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';
import type { InsertColumns } from './event-columns.ts';
import { type RefusedEvent, storable } from './refused-event.ts';

/** What became of the lines of a batch; lines count from 0. Those that are in no list were accepted. */
export interface RecordedBatch {
  readonly batchId: bigint;
  readonly accepted: number;
  readonly duplicateLines: readonly number[];
  readonly conflictLines: readonly number[];
}

/** The statements that write events. Each is one call in SQL, and may be repeated. */
export interface BatchStore {
  reserve(count: number): Promise<bigint[]>;
  /**
   * Commits a batch whole, then seals it, so that closes see it. May be repeated with the same batch id: it then answers what
   * the first call did.
   *
   * @param lookFirst saves time where most events are expected to be duplicates
   */
  record(programId: number, events: InsertColumns, batchId: bigint, lookFirst: boolean): Promise<RecordedBatch>;
  /**
   * Returns how many were kept: the rest exceeded what a program may keep in a day.
   *
   * @param rejected how many more events were rejected, kept or not, as the rates of a program tell
   */
  keepRefused(programId: number, refused: readonly RefusedEvent[], rejected: number): Promise<number>;
}

export function batchStore(sql: Sql): BatchStore {
  return {
    async reserve(count) {
      const [row] = await sql<{ ids: bigint[] }[]>`SELECT reserve_batches(${count}) AS ids`;
      if (row === undefined) {
        throw new Error('reserve_batches gave no row');
      }
      return row.ids;
    },

    async record(programId, events, batchId, lookFirst) {
      const { ids, sources, viewerIds, creatorIds, contentIds, active, occurredAt } = events.texts();
      // Splitting costs the server less than array literals. A single follow has an empty contents column, and
      // string_to_array makes no element of an empty text.
      const [row] = await sql<{ accepted: number; duplicate_lines: number[]; conflict_lines: number[] }[]>`
        CALL ingest_and_seal(
          ${programId}, string_to_array(${ids}, chr(31)), string_to_array(${sources}, chr(31)),
          string_to_array(${viewerIds}, chr(31)), string_to_array(${creatorIds}, chr(31)),
          CASE WHEN ${contentIds} = '' THEN ARRAY[''] ELSE string_to_array(${contentIds}, chr(31)) END,
          ${`{${active}}`}::boolean[], ${`{${occurredAt}}`}::bigint[], ${batchId}::bigint,
          ${lookFirst}::boolean)`;
      if (row === undefined) {
        throw new Error('ingest_and_seal gave no row');
      }
      return {
        batchId,
        accepted: row.accepted,
        duplicateLines: row.duplicate_lines.map((line) => line - 1),
        conflictLines: row.conflict_lines.map((line) => line - 1),
      };
    },

    async keepRefused(programId, refused, rejected) {
      const texts = (of: (event: RefusedEvent) => string | null) => textArray(refused.map(of));
      const [row] = await sql<{ kept: number }[]>`
        SELECT record_refused(
          ${programId}, ${plainArray(refused.map((event) => event.index))}::integer[],
          ${texts((event) => event.id)}::text[], ${texts((event) => event.code)}::text[],
          ${texts((event) => storable(event.message))}::text[], ${texts((event) => storable(event.body))}::text[],
          ${rejected}::bigint) AS kept`;
      return row?.kept ?? 0;
    },
  };
}
