import { openCsvEvents, readCsvHeader } from './csv-table.ts';
import { areEventColumns, type GivenColumns } from './event-columns.ts';
import type { EventTable, TableOptions } from './event-table.ts';
import type { RandomAccess } from './random-access.ts';

export const EVENT_FORMATS = ['ndjson', 'csv', 'parquet'] as const;

/** How a file of events is written. */
export type EventFormat = (typeof EVENT_FORMATS)[number];

/** By this many bytes of its beginning a format is known. */
const BEGINNING_BYTES = 65_536;

const ENDINGS: readonly (readonly [RegExp, EventFormat])[] = [
  [/\.(ndjson|jsonl)(\.gz)?$/i, 'ndjson'],
  [/\.(csv|tsv)(\.gz)?$/i, 'csv'],
  [/\.(parquet|pq)(\.gz)?$/i, 'parquet'],
];
const PARQUET = 'PAR1';

/** The format that a file's name says; undefined where it says none. */
export function formatOfName(name: string): EventFormat | undefined {
  return ENDINGS.find(([ending]) => ending.test(name))?.[1];
}

/**
 * The format that a file's first bytes show: Parquet by its mark, CSV by a header that has the columns of events, or where columns are
 * given and there is no object; all else is NDJSON, whose reader says of each line what is wrong with it.
 */
export function formatOfBeginning(bytes: Uint8Array, given?: GivenColumns): EventFormat {
  const text = new TextDecoder().decode(bytes.subarray(0, BEGINNING_BYTES));
  if (text.startsWith(PARQUET)) {
    return 'parquet';
  }
  if (given !== undefined) {
    return text.trimStart().startsWith('{') ? 'ndjson' : 'csv';
  }
  const header = readCsvHeader(text);
  return header !== undefined && areEventColumns(header) ? 'csv' : 'ndjson';
}

/** A file of events as bytes, for those who read it: a file, a pipe, what a page was given. */
export interface TableSource {
  /** Its bytes in order, decompressed. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Its bytes by place, decompressed. */
  randomAccess(): Promise<RandomAccess>;
}

/** Opens a table of events. Parquet is loaded only where there is some. @throws TableError, NotUtf8Error */
export async function openEventTable(
  format: Exclude<EventFormat, 'ndjson'>,
  source: TableSource,
  options: TableOptions = {},
): Promise<EventTable> {
  if (format === 'csv') {
    return openCsvEvents(source.chunks(), options);
  }
  const { openParquetEvents } = await import('./parquet-table.ts');
  return openParquetEvents(await source.randomAccess(), options);
}
