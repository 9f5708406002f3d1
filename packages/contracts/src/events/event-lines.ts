import { hasMark, joinBytes, MARK_BYTES } from '../values/utf8.ts';

/** Longest line of an event, in bytes. The largest event of 128 code points a field, all escaped, is half of it. */
export const MAX_EVENT_LINE_BYTES = 16_384;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
/** What may surround a line without being a part of it: a byte order mark, and a carriage return. */
const AROUND_BYTES = MARK_BYTES + 1;

/** This many bytes of a line show that it is too long. */
export const LONG_LINE_HEAD_BYTES = MAX_EVENT_LINE_BYTES + AROUND_BYTES + 1;

/**
 * Takes the lines of a file or stream of events (NDJSON), in order, by the one rule for all ways in. A line ends with LF or CR LF, the
 * last one also with the stream. A byte order mark at its start is not part of it: concatenated files have them in
 * the middle. Blank lines (spaces and tabs) are left out.
 */
export interface LineTaker {
  /**
   * A line: the bytes of a block from `from` to `end`, good until the call returns.
   *
   * @param number of the line, from 1; blank ones count
   */
  line(block: Uint8Array, from: number, end: number, number: number): void;
  /** One that is longer than any event. @param head its first bytes, more than a line may have */
  longLine(head: Uint8Array, number: number): void;
}

/** Cuts pieces of a stream into lines, with no more than a line's length in memory. */
export class LineSplitter {
  readonly #taker: LineTaker;
  readonly #maxBytes: number;
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #isSkipping = false;
  #lines = 0;

  constructor(taker: LineTaker, maxBytes = MAX_EVENT_LINE_BYTES) {
    this.#taker = taker;
    this.#maxBytes = maxBytes;
  }

  push(piece: Uint8Array): void {
    let from = 0;
    if (this.#isSkipping || this.#restBytes > 0) {
      const end = piece.indexOf(NEWLINE);
      this.#hold(end < 0 ? piece : piece.subarray(0, end));
      if (end < 0) {
        return;
      }
      this.end();
      from = end + 1;
    }
    for (;;) {
      const end = piece.indexOf(NEWLINE, from);
      if (end < 0) {
        break;
      }
      this.#lines += 1;
      takeLine(this.#taker, piece, from, end, this.#lines, this.#maxBytes);
      from = end + 1;
    }
    if (from < piece.length) {
      this.#hold(piece.subarray(from));
    }
  }

  /** The stream is at its end. */
  end(): void {
    const rest = this.#rest;
    const wasSkipping = this.#isSkipping;
    this.#rest = [];
    this.#restBytes = 0;
    this.#isSkipping = false;
    if (wasSkipping || rest.length === 0) {
      return;
    }
    const line = joinBytes(rest);
    this.#lines += 1;
    takeLine(this.#taker, line, 0, line.length, this.#lines, this.#maxBytes);
  }

  /** Keeps the beginning of a line whose end is still to come, or drops more of one that is too long. */
  #hold(part: Uint8Array): void {
    if (this.#isSkipping || part.length === 0) {
      return;
    }
    const longest = this.#maxBytes + AROUND_BYTES;
    this.#rest.push(new Uint8Array(part.subarray(0, longest + 1))); // a copy lets the piece go
    this.#restBytes += part.length;
    if (this.#restBytes <= longest) {
      return;
    }
    this.#isSkipping = true;
    this.#lines += 1;
    this.#taker.longLine(joinBytes(this.#rest), this.#lines);
    this.#rest = [];
  }
}

/** Gives the lines of a block of whole lines, the last of which may lack its end. @returns how many there are, blank ones too */
export function eachLine(block: Uint8Array, taker: LineTaker): number {
  let number = 0;
  for (let from = 0; from < block.length; ) {
    const newline = block.indexOf(NEWLINE, from);
    const end = newline < 0 ? block.length : newline;
    number += 1;
    takeLine(taker, block, from, end, number, MAX_EVENT_LINE_BYTES);
    from = end + 1;
  }
  return number;
}

/** @param end where its LF is, or the end of the stream */
function takeLine(
  taker: LineTaker,
  block: Uint8Array,
  from: number,
  end: number,
  number: number,
  maxBytes: number,
): void {
  const first = hasMark(block, from) ? from + MARK_BYTES : from;
  const last = end > first && block[end - 1] === RETURN ? end - 1 : end;
  if (last - first > maxBytes) {
    taker.longLine(block.subarray(first, last), number);
  } else if (!isBlank(block, first, last)) {
    taker.line(block, first, last, number);
  }
}

function isBlank(block: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    const byte = block[at];
    if (byte !== SPACE && byte !== TAB && byte !== RETURN) {
      return false;
    }
  }
  return true;
}
