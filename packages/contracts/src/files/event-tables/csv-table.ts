import { utf8Pieces } from '../../values/utf8.ts';
import { CsvCutter, type CsvRecord, NotCsvError } from '../csv-cutter.ts';
import { isHeaderAgain } from '../csv-header.ts';
import { type EventColumn, matchColumns } from './event-columns.ts';
import { type EventTable, eventWriter, type TableOptions, type TableRow } from './event-table.ts';
import { TableError } from './table-error.ts';

/** What may stand between cells; the header says which does. */
const SEPARATORS = [',', ';', '\t', '|'];
/** A header is not longer than this. */
const MAX_HEADER_UNITS = 64_000;

/**
 * Opens events in CSV: UTF-8 with a header, cells separated by commas, semicolons, tabs or bars. Rows come as the bytes do, in flat memory.
 *
 * @throws TableError where there is no header, or no column for what every event has; NotUtf8Error
 */
export async function openCsvEvents(
  chunks: AsyncIterable<Uint8Array>,
  { columns: given, assumeUtc = false }: TableOptions = {},
): Promise<EventTable> {
  const pieces = utf8Pieces(chunks);
  try {
    const { header, rest, records } = await readHeader(pieces);
    const matched = matchColumns(header, given);
    return {
      ...matched,
      unit: 'line',
      async *rows() {
        const read = rowReader(header, matched.columns, assumeUtc);
        yield read(rest);
        for await (const some of records) {
          yield read(some);
        }
      },
    };
  } catch (error) {
    await pieces.return(undefined);
    throw error;
  }
}

/** The names of the columns in a header at the beginning of a file; undefined where that is not CSV. */
export function readCsvHeader(beginning: string): readonly string[] | undefined {
  const line = /[^\r\n]+/.exec(beginning.replace(/^\ufeff/, ''))?.[0] ?? '';
  try {
    const cutter = new CsvCutter(separatorOf(line));
    return [...cutter.push(line), ...cutter.end()][0]?.cells;
  } catch (error) {
    if (error instanceof NotCsvError) {
      return undefined;
    }
    throw error;
  }
}

interface HeaderRead {
  readonly header: readonly string[];
  /** The records that were read with it. */
  readonly rest: readonly CsvRecord[];
  /** Those to come. */
  readonly records: AsyncGenerator<CsvRecord[], void, undefined>;
}

async function readHeader(pieces: AsyncGenerator<string>): Promise<HeaderRead> {
  let beginning = '';
  while (!/[\r\n]/.test(beginning.trimStart()) && beginning.length < MAX_HEADER_UNITS) {
    const next = await pieces.next();
    if (next.done === true) {
      break;
    }
    beginning += next.value;
  }
  const records = cut(new CsvCutter(separatorOf(beginning)), beginning, pieces);
  for (let next = await records.next(); next.done !== true; next = await records.next()) {
    const [header, ...rest] = next.value;
    if (header !== undefined) {
      return { header: header.cells, rest, records };
    }
  }
  throw new TableError('the file is empty; it needs a header with the names of its columns');
}

/** Reads records as events, in order. */
function rowReader(header: readonly string[], columns: readonly EventColumn[], assumeUtc: boolean) {
  const write = eventWriter(columns, assumeUtc);
  let number = 0;
  return (records: readonly CsvRecord[]): TableRow[] => {
    const rows: TableRow[] = [];
    for (const { cells, line } of records) {
      if (cells.length !== header.length) {
        const has = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
        throw new TableError(`line ${line}: ${has} where the header has ${header.length}`);
      }
      if (isHeaderAgain(cells, header)) {
        continue;
      }
      number += 1;
      const json = write((place) => cells[columns[place]?.index ?? -1]);
      rows.push({ json, number, place: line });
    }
    return rows;
  };
}

async function* cut(
  cutter: CsvCutter,
  beginning: string,
  pieces: AsyncIterable<string>,
): AsyncGenerator<CsvRecord[], void, undefined> {
  try {
    yield cutter.push(beginning);
    for await (const piece of pieces) {
      yield cutter.push(piece);
    }
    yield cutter.end();
  } catch (error) {
    throw error instanceof NotCsvError ? new TableError(error.message, { cause: error }) : error;
  }
}

/** The one that there is most of in the first line. */
function separatorOf(beginning: string): string {
  const line = /[^\r\n]+/.exec(beginning)?.[0] ?? '';
  let [best, most] = [',', 0];
  for (const separator of SEPARATORS) {
    const count = line.split(separator).length - 1;
    if (count > most) {
      [best, most] = [separator, count];
    }
  }
  return best;
}
