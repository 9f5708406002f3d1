const FIRST_CAPACITY = 64;
// At 7/10 a look-up meets two slots on average.
const FULL_TENTHS = 7;
// Above the bits that choose the place, as long as there are fewer than 2^25.
const TAG_SHIFT = 25;

/** Puts a number under its hash. */
export type Put = (hash: number, value: number) => void;

/**
 * Open addressing with linear probing: numbers from 0 under 32-bit hashes, of which several may be equal. A byte of the hash stands
 * beside the number, in an array of its own: most of what is not there is told by these bytes alone, of which 64 come with one read
 * of memory. What is looked for is compared where the byte is equal.
 *
 *     for (let slot = table.first(hash); ; slot = table.next(slot)) {
 *       const found = table.at(slot, hash);
 *       if (found === EMPTY) break;
 *       if (found >= 0 && isWhatWeLookFor(found)) return found;
 *     }
 */
export class SlotTable {
  readonly #putAll: (put: Put) => void;
  #tags = new Uint8Array(FIRST_CAPACITY); // 0 is an empty slot
  #values = new Int32Array(FIRST_CAPACITY);
  #size = 0;

  /** @param putAll puts all numbers that were added: the table does not keep their hashes, which it needs to grow */
  constructor(putAll: (put: Put) => void) {
    this.#putAll = putAll;
  }

  /** Makes room for so many numbers at once; to be called before the first. */
  reserve(count: number): void {
    let capacity = FIRST_CAPACITY;
    while (FULL_TENTHS * capacity < 10 * count) capacity *= 2;
    this.#tags = new Uint8Array(capacity);
    this.#values = new Int32Array(capacity);
  }

  /** Reads the place of a hash, so that it lies in the cache when it is looked at next; what it gives means nothing. */
  touch(hash: number): number {
    const slot = this.first(hash);
    return (this.#tags[slot] ?? 0) + (this.#values[slot] ?? 0);
  }

  first(hash: number): number {
    return hash & (this.#tags.length - 1);
  }

  next(slot: number): number {
    return (slot + 1) & (this.#tags.length - 1);
  }

  /** The number in a slot, EMPTY, or OTHER where it is under another hash. */
  at(slot: number, hash: number): number {
    const tag = this.#tags[slot] ?? 0;
    if (tag === 0) return EMPTY;
    return tag === tagOf(hash) ? (this.#values[slot] ?? 0) : OTHER;
  }

  /** Adds a number; to be called before `putAll` would put it. */
  add(hash: number, value: number): void {
    if (10 * (this.#size + 1) > FULL_TENTHS * this.#tags.length) this.#grow();
    this.#put(hash, value);
    this.#size += 1;
  }

  #put(hash: number, value: number): void {
    const tags = this.#tags;
    const mask = tags.length - 1;
    let slot = hash & mask;
    while (tags[slot] !== 0) slot = (slot + 1) & mask;
    tags[slot] = tagOf(hash);
    this.#values[slot] = value;
  }

  #grow(): void {
    const capacity = 2 * this.#tags.length;
    // The old ones go before the new ones come.
    this.#values = NOTHING;
    this.#tags = new Uint8Array(capacity);
    this.#values = new Int32Array(capacity);
    this.#putAll((hash, value) => this.#put(hash, value));
  }
}

const NOTHING = new Int32Array(0);

function tagOf(hash: number): number {
  return (hash >>> TAG_SHIFT) + 1;
}

export const EMPTY = -1;
export const OTHER = -2;
