import { isAscii, isUtf8 } from 'node:buffer';
import { MAX_KEPT_BODY } from './refused-event.ts';
import { isPlain } from './scan-event.ts';

const NEWLINE = 10;
const BRACE = 123;
const BYTE_ORDER_MARK = '\ufeff';

/** Takes the lines of a stream, in order. Empty ones are left out. */
export interface LineTaker {
  /** @param block the text that the line is a part of, from `from` to `end`; `isPlain` of it */
  line(block: string, from: number, end: number, blockIsPlain: boolean): void;
  /** @param text its beginning, as far as it can be shown */
  badLine(code: 'bad-utf8' | 'line-too-long', text: string): void;
}

/**
 * Cuts pieces of a stream into lines, at most a line's length in memory. Whole blocks are decoded at once and then cut,
 * which is several times faster than decoding line by line. A line ends with LF or CR LF; the last one may end with the stream.
 */
export class LineSplitter {
  readonly #taker: LineTaker;
  readonly #maxBytes: number;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #skipping = false;
  #first = true;

  constructor(taker: LineTaker, maxBytes: number) {
    this.#taker = taker;
    this.#maxBytes = maxBytes;
  }

  push(piece: Buffer): void {
    const last = piece.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#hold(piece);
      return;
    }
    let from = 0;
    if (this.#skipping || this.#restBytes > 0) {
      const end = piece.indexOf(NEWLINE);
      this.#hold(piece.subarray(0, end));
      this.#endLine();
      from = end + 1;
    }
    if (from <= last) this.#block(piece.subarray(from, last + 1));
    if (last + 1 < piece.length) this.#hold(piece.subarray(last + 1));
  }

  /** The stream is at its end. */
  end(): void {
    this.#endLine();
  }

  /** Whether the stream ended within a line. */
  get isInLine(): boolean {
    return this.#skipping || this.#restBytes > 0;
  }

  /** Keeps the beginning of a line whose end is still to come, or drops more of one that is too long. */
  #hold(part: Buffer): void {
    if (this.#skipping || part.length === 0) return;
    // A piece is larger than what is kept of it: a copy lets it go.
    this.#rest.push(Buffer.from(part.subarray(0, this.#maxBytes + 1)));
    this.#restBytes += part.length;
    if (this.#restBytes > this.#maxBytes) {
      this.#skipping = true;
      this.#taker.badLine('line-too-long', headOf(Buffer.concat(this.#rest)));
      this.#rest = [];
    }
  }

  #endLine(): void {
    const rest = this.#rest;
    const wasSkipping = this.#skipping;
    this.#rest = [];
    this.#restBytes = 0;
    this.#skipping = false;
    if (!wasSkipping && rest.length > 0) this.#block(Buffer.concat(rest));
  }

  #block(block: Buffer): void {
    const ascii = isAscii(block);
    if (!ascii && !isUtf8(block)) {
      this.#damagedBlock(block);
      return;
    }
    let text = block.toString(ascii ? 'latin1' : 'utf8');
    if (this.#first) {
      this.#first = false;
      if (text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    }
    const plain = ascii && isPlain(text);
    for (let from = 0; from < text.length; ) {
      let end = text.indexOf('\n', from);
      if (end < 0) end = text.length;
      if (end > from) this.#line(text, from, end, plain);
      from = end + 1;
    }
  }

  /** Some line is not UTF-8: finds out which. */
  #damagedBlock(block: Buffer): void {
    for (let from = 0; from < block.length; ) {
      let end = block.indexOf(NEWLINE, from);
      if (end < 0) end = block.length;
      const line = block.subarray(from, end);
      if (isUtf8(line)) this.#block(line);
      else this.#taker.badLine(line.length > this.#maxBytes ? 'line-too-long' : 'bad-utf8', headOf(line));
      from = end + 1;
    }
  }

  #line(block: string, from: number, end: number, plain: boolean): void {
    // A UTF-16 unit is at most three bytes: only long lines have to be measured.
    if ((end - from) * 3 > this.#maxBytes && Buffer.byteLength(block.slice(from, end)) > this.#maxBytes) {
      this.#taker.badLine('line-too-long', block.slice(from, from + MAX_KEPT_BODY));
    } else if (block.charCodeAt(from) === BRACE || block.slice(from, end).trim() !== '') {
      this.#taker.line(block, from, end, plain);
    }
  }
}

/** The beginning of a line of bytes as text; what is no UTF-8 becomes U+FFFD. */
function headOf(line: Buffer): string {
  return line.subarray(0, MAX_KEPT_BODY).toString('utf8');
}
