import { joinBytes } from '@rewardbook/contracts/values/utf8';
import type { Line } from './lines.ts';
import type { Pace } from './pace.ts';

/** Lines that go out in one request. */
export interface Batch {
  /** Of the requests, from 0. */
  readonly index: number;
  readonly body: Uint8Array;
  /** The line of the file that each event is, to name those that are refused. */
  readonly numbers: readonly number[];
  /** Milliseconds after the start. */
  readonly due: number;
}

/** A request is cut at either; the server streams, so these bound only what is lost and sent again when a connection breaks. */
export interface BatchLimits {
  readonly lines: number;
  readonly bytes: number;
}

const NEWLINE = Uint8Array.of(0x0a);

/** Puts lines that are due together into requests. */
export async function* batches(lines: AsyncIterable<Line>, pace: Pace, limits: BatchLimits): AsyncGenerator<Batch> {
  let pieces: Uint8Array[] = [];
  let numbers: number[] = [];
  let size = 0;
  let due = 0;
  let index = 0;
  let made = 0;
  for await (const line of lines) {
    const lineDue = pace(line, index);
    index += 1;
    if (numbers.length > 0 && (lineDue !== due || numbers.length >= limits.lines || size >= limits.bytes)) {
      yield { index: made++, body: joinBytes(pieces), numbers, due };
      pieces = [];
      numbers = [];
      size = 0;
    }
    due = lineDue;
    pieces.push(line.bytes, NEWLINE);
    numbers.push(line.number);
    size += line.bytes.length + 1;
  }
  if (numbers.length > 0) {
    yield { index: made, body: joinBytes(pieces), numbers, due };
  }
}
