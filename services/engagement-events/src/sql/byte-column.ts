/** Follows each value of a column (chr(31) in SQL). Identifiers have no control characters. */
export const SEPARATOR = '\u001f';

const SEPARATOR_BYTE = 31;
const FIRST_BYTES = 512;
const ZERO = 48;
const MINUS = 45;
const MILLION = 1_000_000;

/**
 * One column of a batch as UTF-8, each value followed by a separator. Strings for every value of a few thousand events cost more
 * to collect as garbage than all the rest of taking them in.
 */
export class ByteColumn {
  readonly #separator: number;
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #isAscii = true;

  constructor(separator = SEPARATOR_BYTE) {
    this.#separator = separator;
  }

  /** Adds ASCII bytes. */
  copy(source: Uint8Array, from: number, end: number): void {
    const bytes = this.#room(end - from);
    let at = this.#length;
    for (let i = from; i < end; i++) {
      bytes[at++] = source[i] ?? 0;
    }
    bytes[at++] = this.#separator;
    this.#length = at;
  }

  /** Adds any text. */
  write(text: string): void {
    const bytes = this.#room(3 * text.length);
    const written = bytes.write(text, this.#length, 'utf8');
    if (written !== text.length) {
      this.#isAscii = false;
    }
    bytes[this.#length + written] = this.#separator;
    this.#length += written + 1;
  }

  /** Adds one ASCII character. */
  writeByte(byte: number): void {
    const bytes = this.#room(1);
    bytes[this.#length] = byte;
    bytes[this.#length + 1] = this.#separator;
    this.#length += 2;
  }

  /** Adds an integer of at most 15 digits in decimals. */
  writeInteger(value: number): void {
    const bytes = this.#room(17);
    let at = this.#length;
    let rest = value;
    if (rest < 0) {
      bytes[at++] = MINUS;
      rest = -rest;
    }
    // Two halves, each a small integer: much faster to divide.
    const high = Math.floor(rest / MILLION);
    const low = rest - high * MILLION;
    const digits = high > 0 ? decimals(high) + 6 : decimals(low);
    let end = at + digits;
    at = end;
    let part = low;
    for (let i = 0; i < (high > 0 ? 6 : digits); i++) {
      const next = (part / 10) | 0;
      bytes[--end] = ZERO + part - next * 10;
      part = next;
    }
    for (part = high; part > 0; ) {
      const next = Math.floor(part / 10);
      bytes[--end] = ZERO + part - next * 10;
      part = next;
    }
    bytes[at++] = this.#separator;
    this.#length = at;
  }

  /** The values with a separator between them. */
  text(): string {
    return this.#bytes.toString(this.#isAscii ? 'latin1' : 'utf8', 0, Math.max(0, this.#length - 1));
  }

  /** The bytes, with room for as many more and a separator. */
  #room(more: number): Buffer {
    const needed = this.#length + more + 1;
    if (needed <= this.#bytes.length) {
      return this.#bytes;
    }
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    return larger;
  }
}

function decimals(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) {
    count += 1;
  }
  return count;
}
