import { gunzipSync } from 'fflate';
import { decompress } from 'fzstd';
import { type Compressors, type FileMetaData, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { type EventColumn, matchColumns } from './event-columns.ts';
import { type EventTable, eventWriter, type TableOptions, type TableRow } from './event-table.ts';
import { type ColumnText, columnText } from './parquet-values.ts';
import type { RandomAccess } from './random-access.ts';
import { TableError } from './table-error.ts';

const CODECS = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD']);
const ROWS_TOGETHER = 1_000;

/** `hyparquet` has Snappy itself. */
const compressors: Compressors = {
  GZIP: (input, length) => gunzipSync(input, { out: new Uint8Array(length) }),
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
};

/**
 * Opens events in Parquet, compressed with Snappy, gzip or Zstandard, or not at all. One row group is in memory at a time. INT96 is read as UTC, as
 * Spark writes it.
 *
 * @throws TableError where it is not Parquet, is compressed otherwise, or has no column for what every event has
 */
export async function openParquetEvents(
  file: RandomAccess,
  { columns: given, assumeUtc = false }: TableOptions = {},
): Promise<EventTable> {
  const metadata = await readMetadata(file);
  const elements = topElements(metadata);
  const matched = matchColumns(
    elements.map(({ name }) => name),
    given,
  );
  const texts = matched.columns.map(({ field, index }) => {
    const element = elements[index];
    if (element === undefined) {
      throw new Error(`there is no column ${index}`);
    }
    const text = columnText(element, field, assumeUtc);
    // Then values come as stored: `text` knows what they mean.
    delete element.converted_type;
    delete element.logical_type;
    return text;
  });
  refuseCodecs(metadata, matched.columns);
  return { ...matched, unit: 'row', rows: () => rowsOf(file, metadata, matched.columns, texts, assumeUtc) };
}

async function* rowsOf(
  file: RandomAccess,
  metadata: FileMetaData,
  columns: readonly EventColumn[],
  texts: readonly ColumnText[],
  assumeUtc: boolean,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const readers = await Promise.all(columns.map((column, place) => columnReader(file, metadata, column, texts[place])));
  const write = eventWriter(columns, assumeUtc);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const cells: (string | undefined)[][] = [];
    for (const [place, reader] of readers.entries()) {
      // Text of one column at a time: the stored values are let go before the next is read.
      cells[place] = await reader(rowStart, rowEnd);
    }
    for (let from = rowStart; from < rowEnd; from += ROWS_TOGETHER) {
      const rows: TableRow[] = [];
      for (let row = from; row < Math.min(from + ROWS_TOGETHER, rowEnd); row += 1) {
        const json = write((place) => cells[place]?.[row - rowStart]);
        rows.push({ json, number: row + 1, place: row + 1 });
      }
      yield rows;
    }
    rowStart = rowEnd;
  }
}

type ColumnReader = (rowStart: number, rowEnd: number) => Promise<(string | undefined)[]>;

async function columnReader(
  file: RandomAccess,
  metadata: FileMetaData,
  { name }: EventColumn,
  text: ColumnText | undefined,
): Promise<ColumnReader> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const identity = (value: unknown): unknown => value;
  return async (rowStart, rowEnd) => {
    try {
      const scan = await parquetScan({
        ...{ file, metadata, compressors, columns: [name], useOffsetIndex: false },
        utf8: text?.isUtf8 ?? false,
        parsers: { stringFromBytes: (bytes) => bytes && decoder.decode(bytes), timestampFromNanoseconds: identity },
      });
      const values = await scan.readColumn({ column: name, rowStart, rowEnd });
      if (values.length !== rowEnd - rowStart) {
        throw new Error(`${values.length} values instead of ${rowEnd - rowStart}`);
      }
      return Array.from(values, (value: unknown) => text?.textOf(value));
    } catch (error) {
      const why = error instanceof TypeError && /encod/i.test(error.message) ? 'it is not UTF-8' : messageOf(error);
      throw new TableError(`rows ${rowStart + 1} to ${rowEnd}: the column "${name}" cannot be read: ${why}`, {
        cause: error,
      });
    }
  };
}

async function readMetadata(file: RandomAccess): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(file, { geoparquet: false });
  } catch (error) {
    throw new TableError(`it is not a whole Parquet file: ${messageOf(error)}`, { cause: error });
  }
}

/** The columns of the table itself, without what is inside of groups. */
function topElements({ schema }: FileMetaData): FileMetaData['schema'] {
  const top: FileMetaData['schema'] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = 0; child < (schema[at]?.num_children ?? 0); child += 1) {
      next = skip(next);
    }
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) {
    const element = schema[at];
    if (element !== undefined) {
      top.push(element);
    }
  }
  return top;
}

function refuseCodecs({ row_groups: groups }: FileMetaData, columns: readonly EventColumn[]): void {
  const names = new Set(columns.map(({ name }) => name));
  for (const { columns: chunks } of groups) {
    for (const { meta_data: about } of chunks) {
      if (about !== undefined && names.has(about.path_in_schema[0] ?? '') && !CODECS.has(about.codec)) {
        throw new TableError(`it is compressed with ${about.codec}; write it with Snappy, gzip or Zstandard`);
      }
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
