import { CHUNK_BITS, SpareMemory } from './spare-memory.ts';

// A small simulation has small columns: the first chunk grows to its size by doubling.
const FIRST = 64;

// Rows of a chunk, as powers of two.
const INTEGER_BITS = CHUNK_BITS - 2;
const FLOAT_BITS = CHUNK_BITS - 3;

const NO_INTEGERS = new Int32Array(0);
const NO_FLOATS = new Float64Array(0);

/** A growing column of 32-bit integers: by a chunk, so that growing copies nothing and wastes little. */
export class Int32Column {
  readonly #spare: SpareMemory;
  readonly #chunks: Int32Array[] = [];
  #last = NO_INTEGERS;
  #size = 0;

  constructor(spare = new SpareMemory()) {
    this.#spare = spare;
  }

  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    const place = this.#size & ((1 << INTEGER_BITS) - 1);
    if (place === this.#last.length || place === 0) {
      this.#grow(place);
    }
    this.#last[place] = value;
    this.#size += 1;
  }

  get(index: number): number {
    return (this.#chunks[index >>> INTEGER_BITS] ?? NO_INTEGERS)[index & ((1 << INTEGER_BITS) - 1)] ?? 0;
  }

  toArray(): Int32Array {
    const all = new Int32Array(this.#size);
    for (const [index, chunk] of this.#chunks.entries()) {
      const from = index << INTEGER_BITS;
      all.set(chunk.subarray(0, this.#size - from), from);
    }
    return all;
  }

  #grow(place: number): void {
    const isSmall = this.#size < 1 << INTEGER_BITS && 2 * place < 1 << INTEGER_BITS;
    const next = isSmall ? new Int32Array(Math.max(FIRST, 2 * place)) : new Int32Array(this.#spare.take());
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
  readonly #spare: SpareMemory;
  readonly #chunks: Float64Array[] = [];
  #last = NO_FLOATS;
  #size = 0;

  constructor(spare = new SpareMemory()) {
    this.#spare = spare;
  }

  push(value: number): void {
    const place = this.#size & ((1 << FLOAT_BITS) - 1);
    if (place === this.#last.length || place === 0) {
      this.#grow(place);
    }
    this.#last[place] = value;
    this.#size += 1;
  }

  get(index: number): number {
    return (this.#chunks[index >>> FLOAT_BITS] ?? NO_FLOATS)[index & ((1 << FLOAT_BITS) - 1)] ?? 0;
  }

  #grow(place: number): void {
    const isSmall = this.#size < 1 << FLOAT_BITS && 2 * place < 1 << FLOAT_BITS;
    const next = isSmall ? new Float64Array(Math.max(FIRST, 2 * place)) : new Float64Array(this.#spare.take());
    if (place > 0) {
      next.set(this.#last);
      this.#chunks.pop();
    }
    this.#chunks.push(next);
    this.#last = next;
  }
}
