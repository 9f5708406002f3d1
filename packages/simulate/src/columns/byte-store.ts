const CHUNK_BITS = 20;
const CHUNK_BYTES = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_BYTES - 1;
const FIRST_BYTES = 1024;
const MAX_REFERENCE = 2 ** 32;
/** No text of an event has more bytes: 128 code points of 4. */
const MAX_LENGTH = 1023;
const LENGTHS = MAX_LENGTH + 1;
const LONGEST_HEADER = 8;

const NO_BYTES = new Uint8Array(0);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // a byte order mark is a part of an id

/**
 * Byte strings one after the other, each with a number beside it, found again by their references (32 bits, unsigned). They lie
 * within one chunk each, behind a header: `number × 1024 + length` in base 128, low digits first.
 */
export class ByteStore {
  readonly #chunks: Uint8Array[] = [];
  #last = NO_BYTES;
  #used = 0; // of the last chunk

  /** Throws RangeError for more than 1,023 bytes, and where 4 GiB are full. */
  add(bytes: Uint8Array, from: number, end: number, number = 0): number {
    const length = end - from;
    if (length > MAX_LENGTH) throw new RangeError(`A text of ${length} bytes is too long: 128 characters are allowed`);
    if (this.#used + length + LONGEST_HEADER > this.#last.length) this.#grow(length + LONGEST_HEADER);
    const chunk = this.#last;
    const reference = (this.#chunks.length - 1) * CHUNK_BYTES + this.#used;
    let at = this.#used;
    let header = number * LENGTHS + length;
    for (; header >= 128; header = Math.floor(header / 128)) chunk[at++] = (header % 128) | 128;
    chunk[at++] = header;
    for (let read = from; read < end; read += 1) chunk[at++] = bytes[read] ?? 0;
    this.#used = at;
    return reference | 0;
  }

  /** The number given with a byte string. */
  numberAt(reference: number): number {
    return Math.floor(this.#header(reference) / LENGTHS);
  }

  /** Whether the byte string is this one, with this number. */
  equals(reference: number, bytes: Uint8Array, from: number, end: number, number = 0): boolean {
    const header = this.#header(reference);
    if (header !== number * LENGTHS + (end - from)) return false;
    const chunk = this.#chunks[reference >>> CHUNK_BITS] ?? NO_BYTES;
    let at = (reference & CHUNK_MASK) + headerBytes(header);
    for (let read = from; read < end; read += 1, at += 1) if (chunk[at] !== bytes[read]) return false;
    return true;
  }

  /** Calls `use` with where a byte string lies. */
  with<Result>(reference: number, use: (bytes: Uint8Array, from: number, end: number) => Result): Result {
    const header = this.#header(reference);
    const from = (reference & CHUNK_MASK) + headerBytes(header);
    return use(this.#chunks[reference >>> CHUNK_BITS] ?? NO_BYTES, from, from + (header % LENGTHS));
  }

  /** A byte string as text. */
  textAt(reference: number): string {
    return this.with(reference, textOf);
  }

  #header(reference: number): number {
    const chunk = this.#chunks[reference >>> CHUNK_BITS] ?? NO_BYTES;
    let at = reference & CHUNK_MASK;
    let byte = chunk[at] ?? 0;
    if (byte < 128) return byte;
    let header = byte - 128;
    for (let power = 128; ; power *= 128) {
      at += 1;
      byte = chunk[at] ?? 0;
      if (byte < 128) return header + byte * power;
      header += (byte - 128) * power;
    }
  }

  #grow(needed: number): void {
    const wanted = Math.max(FIRST_BYTES, 2 * this.#last.length);
    if (this.#chunks.length === 1 && this.#last.length < CHUNK_BYTES) {
      const larger = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(wanted, this.#used + needed)));
      larger.set(this.#last.subarray(0, this.#used));
      this.#chunks[0] = larger;
      this.#last = larger;
      if (this.#used + needed <= larger.length) return;
    }
    if ((this.#chunks.length + 1) * CHUNK_BYTES > MAX_REFERENCE) {
      throw new RangeError('More than 4 GiB of ids: simulate fewer events at a time, or with more threads');
    }
    this.#last = new Uint8Array(this.#chunks.length === 0 ? Math.max(FIRST_BYTES, 2 * needed) : CHUNK_BYTES);
    this.#chunks.push(this.#last);
    this.#used = 0;
  }
}

function headerBytes(header: number): number {
  let bytes = 1;
  for (let rest = header; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

/** Bytes that are UTF-8, as text. */
function textOf(bytes: Uint8Array, from: number, end: number): string {
  return decoder.decode(bytes.subarray(from, end));
}
