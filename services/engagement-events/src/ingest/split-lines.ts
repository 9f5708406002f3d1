const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
// What may stand around a line without being a part of it: a byte order mark, and a carriage return.
const LEEWAY = BYTE_ORDER_MARK.length + 1;

/** Takes the lines of a stream, in order. Empty ones are left out. */
export interface LineTaker {
  /** A line: the bytes of a block from `from` to `end`, good until the call returns. */
  line(block: Buffer, from: number, end: number): void;
  /** @param head its first bytes */
  longLine(head: Buffer): void;
}

/**
 * Cuts pieces of a stream into lines, with no more than a line's length in memory. A line ends with LF or CR LF, the last one
 * also with the stream.
 */
export class LineSplitter {
  readonly #taker: LineTaker;
  readonly #maxBytes: number;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #isSkipping = false;
  #isFirst = true;

  constructor(taker: LineTaker, maxBytes: number) {
    this.#taker = taker;
    this.#maxBytes = maxBytes;
  }

  push(piece: Buffer): void {
    let from = 0;
    if (this.#isSkipping || this.#restBytes > 0) {
      const end = piece.indexOf(NEWLINE);
      if (end < 0) {
        this.#hold(piece);
        return;
      }
      this.#hold(piece.subarray(0, end));
      this.end();
      from = end + 1;
    }
    for (;;) {
      const end = piece.indexOf(NEWLINE, from);
      if (end < 0) break;
      this.#line(piece, from, end);
      from = end + 1;
    }
    if (from < piece.length) this.#hold(piece.subarray(from));
  }

  /** The stream is at its end. */
  end(): void {
    const rest = this.#rest;
    const wasSkipping = this.#isSkipping;
    this.#rest = [];
    this.#restBytes = 0;
    this.#isSkipping = false;
    if (wasSkipping || rest.length === 0) return;
    const line = Buffer.concat(rest);
    this.#line(line, 0, line.length);
  }

  /** Keeps the beginning of a line whose end is still to come, or drops more of one that is too long. */
  #hold(part: Buffer): void {
    if (this.#isSkipping || part.length === 0) return;
    this.#rest.push(Buffer.from(part.subarray(0, this.#maxBytes + LEEWAY + 1))); // a copy lets the piece go
    this.#restBytes += part.length;
    if (this.#restBytes <= this.#maxBytes + LEEWAY) return;
    this.#isSkipping = true;
    this.#isFirst = false;
    this.#taker.longLine(Buffer.concat(this.#rest));
    this.#rest = [];
  }

  #line(block: Buffer, from: number, end: number): void {
    let first = from;
    if (this.#isFirst) {
      this.#isFirst = false;
      const mark = block.subarray(first, first + BYTE_ORDER_MARK.length);
      if (mark.equals(BYTE_ORDER_MARK)) first += BYTE_ORDER_MARK.length;
    }
    const last = end > first && block[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    if (last === first) return;
    if (last - first > this.#maxBytes) this.#taker.longLine(block.subarray(first, last));
    else this.#taker.line(block, first, last);
  }
}
