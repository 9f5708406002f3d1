import { MAX_EVENT_LINE_BYTES } from '../../events/event-lines.ts';
import type { EventColumn, GivenColumns, MatchedColumns } from './event-columns.ts';
import { writtenTime } from './written-time.ts';

/** A row of a table, as the event that it is. */
export interface EventRow {
  /** The event as a line of NDJSON. It may yet be refused: it is checked where lines are. */
  readonly json: string;
  /** Of the events in the table, from 1: the line that it would have in NDJSON. */
  readonly number: number;
  /** Where it is in the file, from 1: the line of CSV on which it starts, or the row of Parquet. */
  readonly place: number;
}

/** Events in a table that is being read; it can be read once. */
export interface EventTable extends MatchedColumns {
  /** What places are counted in. */
  readonly unit: 'line' | 'row';
  /** The rows in order, some at a time. @throws TableError where the file is damaged, NotUtf8Error */
  rows(): AsyncGenerator<readonly EventRow[], void, undefined>;
}

export interface TableOptions {
  /** Which columns hold what; what is left out is guessed. */
  readonly columns?: GivenColumns | undefined;
  /** Times without an offset are in UTC; otherwise they are refused. */
  readonly assumeUtc?: boolean | undefined;
}

/** Writes a row as an event. @param textOf the text in a column by its place among `columns`; '' and undefined: nothing is given */
export function eventJson(
  columns: readonly EventColumn[],
  textOf: (place: number) => string | undefined,
  assumeUtc: boolean,
): string {
  const event: Record<string, string> = {};
  for (let place = 0; place < columns.length; place += 1) {
    const text = textOf(place);
    const field = columns[place]?.field;
    if (text !== undefined && text !== '' && field !== undefined) {
      event[field] = field === 'occurredAt' ? writtenTime(text, assumeUtc) : text;
    }
  }
  return JSON.stringify(event);
}

const encoder = new TextEncoder();

/** A table as NDJSON: an event is on the line that is its place in the file, others are blank. */
export async function* ndjsonOf(table: EventTable): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let next = 1;
  for await (const rows of table.rows()) {
    let text = '';
    for (const { json, place } of rows) {
      for (; next < place; next += 1) {
        text += '\n';
        // A cell may have many lines.
        if (text.length > MAX_EVENT_LINE_BYTES << 4) {
          yield encoder.encode(text);
          text = '';
        }
      }
      text += `${json}\n`;
      next += 1;
    }
    yield encoder.encode(text);
  }
}
