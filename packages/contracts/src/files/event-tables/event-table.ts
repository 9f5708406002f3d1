import { MAX_EVENT_LINE_BYTES } from '../../events/event-lines.ts';
import type { EventColumn, GivenColumns, MatchedColumns } from './event-columns.ts';
import { writtenTime } from './written-time.ts';

/** A row of a table, as the event that it is. */
export interface TableRow {
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
  rows(): AsyncGenerator<readonly TableRow[], void, undefined>;
}

export interface TableOptions {
  /** Which columns hold what; what is left out is guessed. */
  readonly columns?: GivenColumns | undefined;
  /** Times without an offset are in UTC; otherwise they are refused. */
  readonly assumeUtc?: boolean | undefined;
}

/** Makes what writes a row as an event. Text by text: an object for every row would take twice the time. */
export function eventWriter(columns: readonly EventColumn[], assumeUtc: boolean) {
  const keys = columns.map(({ field }) => `"${field}":`);
  const time = columns.findIndex(({ field }) => field === 'occurredAt');
  /** @param textOf the text in a column by its place among `columns`; '' and undefined: nothing is given */
  return (textOf: (place: number) => string | undefined): string => {
    let json = '';
    for (let place = 0; place < keys.length; place += 1) {
      const text = textOf(place);
      if (text !== undefined && text !== '') {
        const written = place === time ? writtenTime(text, assumeUtc) : text;
        json += `${json === '' ? '{' : ','}${keys[place]}${JSON.stringify(written)}`;
      }
    }
    return json === '' ? '{}' : `${json}}`;
  };
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
