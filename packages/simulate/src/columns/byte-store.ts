const CHUNK_BITS = 20;
const CHUNK_BYTES = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_BYTES - 1;
const FIRST_BYTES = 1024;
const MAX_REFERENCE = 2 ** 32;
/** No text of an event has more bytes: 128 code points of 4. */
const MAX_LENGTH = 1023;
/** Most bytes of a length and a number beside a text. */
const ASIDE_BYTES = 10;

const NO_BYTES = new Uint8Array(0);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // a byte order mark is a part of an id

/** What `numberOf` says of another text. */
export const ANOTHER = -1;

/**
 * Byte strings one after the other, each with a number, found again by their references (32 bits, unsigned). They lie within one
 * chunk each: the length, the bytes, the number; numbers in base 128, low digits first.
 */
export class ByteStore {
  readonly #chunks: Uint8Array[] = [];
  #last = NO_BYTES;
  #used = 0; // of the last chunk

  /** Throws RangeError for more than 1,023 bytes, and where 4 GiB are full. */
  add(bytes: Uint8Array, from: number, end: number, number: number): number {
    const length = end - from;
    if (length > MAX_LENGTH) throw new RangeError(`A text of ${length} bytes is too long: 128 characters are allowed`);
    if (this.#used + length + ASIDE_BYTES > this.#last.length) this.#grow(length + ASIDE_BYTES);
    const chunk = this.#last;
    const reference = (this.#chunks.length - 1) * CHUNK_BYTES + this.#used;
    let at = this.#used;
    let rest = length;
    for (; rest >= 128; rest >>>= 7) chunk[at++] = (rest & 127) | 128;
    chunk[at++] = rest;
    for (let read = from; read < end; read += 1) chunk[at++] = bytes[read] ?? 0;
    for (rest = number; rest >= 128; rest >>>= 7) chunk[at++] = (rest & 127) | 128;
    chunk[at++] = rest;
    this.#used = at;
    return reference | 0;
  }

  /** The number of a byte string if it is this one; ANOTHER if it is not. */
  numberOf(reference: number, bytes: Uint8Array, from: number, end: number): number {
    const chunk = this.#chunkOf(reference);
    let at = reference & CHUNK_MASK;
    let rest = end - from;
    for (; rest >= 128; rest >>>= 7) if (chunk[at++] !== ((rest & 127) | 128)) return ANOTHER;
    if (chunk[at++] !== rest) return ANOTHER;
    for (let read = from; read < end; read += 1, at += 1) if (chunk[at] !== bytes[read]) return ANOTHER;
    return numberIn(chunk, at);
  }

  /** Reads where a byte string begins, so that it lies in the cache when it is compared next. What it gives means nothing. */
  touch(reference: number): number {
    return this.#chunkOf(reference)[reference & CHUNK_MASK] ?? 0;
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
    const text = textStart(chunk, a);
    let last = text + numberIn(chunk, from); // of the number, whose last byte alone is below 128
    while ((chunk[last] ?? 0) > 127) last += 1;
    for (let at = from; at <= last; at += 1) if (chunk[at] !== other[begins + at - from]) return false;
    return true;
  }

  /** The number given with a byte string. */
  numberAt(reference: number): number {
    const chunk = this.#chunkOf(reference);
    const from = textStart(chunk, reference);
    return numberIn(chunk, from + numberIn(chunk, reference & CHUNK_MASK));
  }

  /** A byte string as text. */
  textAt(reference: number): string {
    const chunk = this.#chunkOf(reference);
    const from = textStart(chunk, reference);
    return decoder.decode(chunk.subarray(from, from + numberIn(chunk, reference & CHUNK_MASK)));
  }

  #chunkOf(reference: number): Uint8Array {
    return this.#chunks[reference >>> CHUNK_BITS] ?? NO_BYTES;
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

/** Where a text begins, behind its length: that takes two bytes from 128 on. */
function textStart(chunk: Uint8Array, reference: number): number {
  const at = reference & CHUNK_MASK;
  return (chunk[at] ?? 0) < 128 ? at + 1 : at + 2;
}

function numberIn(chunk: Uint8Array, from: number): number {
  let at = from;
  let byte = chunk[at] ?? 0;
  let number = byte & 127;
  for (let shift = 7; byte > 127; shift += 7) {
    at += 1;
    byte = chunk[at] ?? 0;
    number |= (byte & 127) << shift;
  }
  return number;
}
