import { LineSplitter, LONG_LINE_HEAD_BYTES } from '@rewardbook/contracts/events/event-lines';
import type { EventTable } from '@rewardbook/contracts/files/event-tables/event-table';
import { hasMark, MARK_BYTES } from '@rewardbook/contracts/values/utf8';

/** A line without its line end, and its number in the file, from 1. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly number: number;
  /** Of an event in a table, its number among the events: what is drawn for a line is drawn by this instead. */
  readonly drawnBy?: number;
}

/**
 * The lines of a stream, blank ones left out. Holds one chunk and one line at a time. Of one that is too long only the beginning
 * comes, which is too long as well. A byte order mark stays: the receiver removes it, and a second one would look like the first.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let lines: Line[] = [];
  const splitter = new LineSplitter({
    line(block, from, end, number) {
      const start = hasMark(block, from - MARK_BYTES) ? from - MARK_BYTES : from;
      lines.push({ bytes: block.subarray(start, end), number });
    },
    longLine: (head, number) => lines.push({ bytes: head.subarray(0, LONG_LINE_HEAD_BYTES), number }),
  });
  for await (const chunk of chunks) {
    splitter.push(chunk);
    yield* lines;
    lines = [];
  }
  splitter.end();
  yield* lines;
}

const encoder = new TextEncoder();

/** The events of a table as lines. */
export async function* tableLines(table: EventTable): AsyncGenerator<Line> {
  for await (const rows of table.rows()) {
    for (const { json, number, place } of rows) {
      yield { bytes: encoder.encode(json), number: place, drawnBy: number };
    }
  }
}
