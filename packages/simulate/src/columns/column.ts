const BITS = 16;
/** Rows of a chunk: columns grow by one of these, so that growing copies nothing and wastes little. */
const CHUNK = 1 << BITS;
const MASK = CHUNK - 1;
// A small simulation has small columns: the first chunk grows to its size by doubling.
const FIRST = 64;

const NO_INTEGERS = new Int32Array(0);
const NO_FLOATS = new Float64Array(0);

/** A growing column of 32-bit integers. */
export class Int32Column {
  readonly #chunks: Int32Array[] = [];
  #last = NO_INTEGERS;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    const place = this.#size & MASK;
    if (place === this.#last.length || place === 0) this.#grow(place);
    this.#last[place] = value;
    this.#size += 1;
  }

  get(index: number): number {
    return (this.#chunks[index >>> BITS] ?? NO_INTEGERS)[index & MASK] ?? 0;
  }

  toArray(): Int32Array {
    const all = new Int32Array(this.#size);
    for (const [index, chunk] of this.#chunks.entries()) {
      all.set(chunk.subarray(0, this.#size - index * CHUNK), index * CHUNK);
    }
    return all;
  }

  #grow(place: number): void {
    const isFirst = this.#size < CHUNK;
    const next = new Int32Array(isFirst ? Math.max(FIRST, 2 * place) : CHUNK);
    if (place > 0) {
      next.set(this.#last);
      this.#chunks.pop();
    }
    this.#chunks.push(next);
    this.#last = next;
  }
}

/** A growing column of float64, for instants in epoch milliseconds. */
export class Float64Column {
  readonly #chunks: Float64Array[] = [];
  #last = NO_FLOATS;
  #size = 0;

  push(value: number): void {
    const place = this.#size & MASK;
    if (place === this.#last.length || place === 0) this.#grow(place);
    this.#last[place] = value;
    this.#size += 1;
  }

  get(index: number): number {
    return (this.#chunks[index >>> BITS] ?? NO_FLOATS)[index & MASK] ?? 0;
  }

  #grow(place: number): void {
    const isFirst = this.#size < CHUNK;
    const next = new Float64Array(isFirst ? Math.max(FIRST, 2 * place) : CHUNK);
    if (place > 0) {
      next.set(this.#last);
      this.#chunks.pop();
    }
    this.#chunks.push(next);
    this.#last = next;
  }
}
