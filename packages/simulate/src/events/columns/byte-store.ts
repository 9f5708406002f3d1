import { restAt } from './words.ts';

const CHUNK_BITS = 20;
const CHUNK_BYTES = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_BYTES - 1;
const FIRST_BYTES = 1024;
const MAX_REFERENCE = 2 ** 32;

// Before each text is a word with its length in the lowest bits, and above them its number, if that is small.
const HEAD_BYTES = 4;
const LENGTH_BITS = 10;
/** No text of an event has more bytes: 128 code points of 4. */
const MAX_LENGTH = (1 << LENGTH_BITS) - 1;
/** A number from here on is stored after the text. */
const LARGE = 2 ** (32 - LENGTH_BITS) - 1;
const LARGE_BYTES = 4;
/** A text is written by whole words, whose last may go beyond it. */
const BEYOND_BYTES = 3;
const ASIDE_BYTES = HEAD_BYTES + LARGE_BYTES + BEYOND_BYTES;

const NO_BYTES = new DataView(new ArrayBuffer(0));
const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // a byte order mark is a part of an id

/** What `numberOf` says of another text. */
export const ANOTHER = -1;

/** Byte strings one after the other, each with a number, found again by their references (32 bits, unsigned). They lie within one chunk each. */
export class ByteStore {
  readonly #chunks: DataView[] = [];
  #last = NO_BYTES;
  #used = 0; // of the last chunk

  /** Throws RangeError for more than 1,023 bytes, and where 4 GiB are full. */
  add(bytes: DataView, from: number, end: number, number: number): number {
    const length = end - from;
    if (length > MAX_LENGTH) {
      throw new RangeError(`A text of ${length} bytes is too long: 128 characters are allowed`);
    }
    if (this.#used + length + ASIDE_BYTES > this.#last.byteLength) {
      this.#grow(length + ASIDE_BYTES);
    }
    const chunk = this.#last;
    const reference = (this.#chunks.length - 1) * CHUNK_BYTES + this.#used;
    chunk.setInt32(this.#used, (Math.min(number, LARGE) << LENGTH_BITS) | length, true);
    let to = this.#used + HEAD_BYTES;
    let at = from;
    for (; at + 4 <= end; at += 4, to += 4) {
      chunk.setInt32(to, bytes.getInt32(at, true), true);
    }
    if (at < end) {
      chunk.setInt32(to, restAt(bytes, at, end - at), true);
    }
    this.#used += HEAD_BYTES + length;
    if (number >= LARGE) {
      chunk.setInt32(this.#used, number, true);
      this.#used += LARGE_BYTES;
    }
    return reference | 0;
  }

  /** The number of a byte string if it is this one; ANOTHER if it is not. */
  numberOf(reference: number, bytes: DataView, from: number, end: number): number {
    const chunk = this.#chunkOf(reference);
    const begins = reference & CHUNK_MASK;
    const isSame = lengthIn(chunk, begins) === end - from && areSame(chunk, begins + HEAD_BYTES, bytes, from, end);
    return isSame ? numberIn(chunk, begins) : ANOTHER;
  }

  /** Reads where a byte string begins, so that it lies in the cache when it is compared next. What it gives means nothing. */
  touch(reference: number): number {
    const chunk = this.#chunkOf(reference);
    return chunk.byteLength === 0 ? 0 : chunk.getUint8(reference & CHUNK_MASK);
  }

  /** Takes back the byte string that was added last. */
  takeBack(reference: number): void {
    this.#used = reference & CHUNK_MASK;
  }

  /** Whether two byte strings and their numbers are the same. */
  areEqual(a: number, b: number): boolean {
    const chunk = this.#chunkOf(a);
    const other = this.#chunkOf(b);
    const from = a & CHUNK_MASK;
    const begins = b & CHUNK_MASK;
    if (chunk.getInt32(from, true) !== other.getInt32(begins, true)) {
      return false;
    }
    if (numberIn(chunk, from) !== numberIn(other, begins)) {
      return false;
    }
    const text = from + HEAD_BYTES;
    return areSame(other, begins + HEAD_BYTES, chunk, text, text + lengthIn(chunk, from));
  }

  /** The number given with a byte string. */
  numberAt(reference: number): number {
    return numberIn(this.#chunkOf(reference), reference & CHUNK_MASK);
  }

  /** A byte string as text. */
  textAt(reference: number): string {
    const chunk = this.#chunkOf(reference);
    const begins = reference & CHUNK_MASK;
    return decoder.decode(new Uint8Array(chunk.buffer, begins + HEAD_BYTES, lengthIn(chunk, begins)));
  }

  #chunkOf(reference: number): DataView {
    return this.#chunks[reference >>> CHUNK_BITS] ?? NO_BYTES;
  }

  #grow(needed: number): void {
    const wanted = Math.max(FIRST_BYTES, 2 * this.#last.byteLength);
    if (this.#chunks.length === 1 && this.#last.byteLength < CHUNK_BYTES) {
      const larger = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(wanted, this.#used + needed)));
      larger.set(new Uint8Array(this.#last.buffer, 0, this.#used));
      this.#last = new DataView(larger.buffer);
      this.#chunks[0] = this.#last;
      if (this.#used + needed <= larger.length) {
        return;
      }
    }
    if ((this.#chunks.length + 1) * CHUNK_BYTES > MAX_REFERENCE) {
      throw new RangeError('More than 4 GiB of ids: simulate fewer events at a time, or with more threads');
    }
    const isFirst = this.#chunks.length === 0;
    this.#last = new DataView(new ArrayBuffer(isFirst ? Math.max(FIRST_BYTES, 2 * needed) : CHUNK_BYTES));
    this.#chunks.push(this.#last);
    this.#used = 0;
  }
}

function lengthIn(chunk: DataView, begins: number): number {
  return chunk.getInt32(begins, true) & MAX_LENGTH;
}

function numberIn(chunk: DataView, begins: number): number {
  const head = chunk.getInt32(begins, true);
  const number = head >>> LENGTH_BITS;
  return number === LARGE ? chunk.getInt32(begins + HEAD_BYTES + (head & MAX_LENGTH), true) : number;
}

/** Whether the bytes of a text are those that lie in a chunk. */
function areSame(chunk: DataView, begins: number, bytes: DataView, from: number, end: number): boolean {
  let place = begins;
  let at = from;
  for (; at + 4 <= end; at += 4, place += 4) {
    if (chunk.getInt32(place, true) !== bytes.getInt32(at, true)) {
      return false;
    }
  }
  return at === end || restAt(chunk, place, end - at) === restAt(bytes, at, end - at);
}
