const FIRST_CAPACITY = 64;
// At 7/10 a look-up meets two slots on average.
const FULL_TENTHS = 7;

/**
 * Open addressing with linear probing: numbers from 0 under 32-bit hashes, of which several may be equal. The hash is
 * stored next to its number, so that one read of memory almost always shows whether an entry is there. Entries are
 * compared only if the hash is equal.
 *
 *     for (let slot = table.first(hash); ; slot = table.next(slot)) {
 *       const found = table.at(slot, hash);
 *       if (found === EMPTY) break;
 *       if (found >= 0 && isWhatWeLookFor(found)) return found;
 *     }
 */
export class SlotTable {
  // Of each slot the hash, and the number + 1; 0 is an empty slot.
  #slots = new Int32Array(2 * FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #size = 0;

  clear(): void {
    this.#slots.fill(0);
    this.#size = 0;
  }

  first(hash: number): number {
    return hash & this.#mask;
  }

  /** Reads the place of a hash, so that it lies in the cache when it is looked at next: gives what is probably the number. */
  touch(hash: number): number {
    return (this.#slots[2 * (hash & this.#mask) + 1] ?? 0) - 1;
  }

  next(slot: number): number {
    return (slot + 1) & this.#mask;
  }

  /** The number in a slot, EMPTY, or OTHER if it has another hash. */
  at(slot: number, hash: number): number {
    const number = (this.#slots[2 * slot + 1] ?? 0) - 1;
    return number === EMPTY || this.#slots[2 * slot] === hash ? number : OTHER;
  }

  add(hash: number, number: number): void {
    if (10 * (this.#size + 1) > FULL_TENTHS * (this.#mask + 1)) {
      this.#grow();
    }
    this.#put(hash, number + 1);
    this.#size += 1;
  }

  #put(hash: number, content: number): void {
    const slots = this.#slots;
    let slot = hash & this.#mask;
    while (slots[2 * slot + 1] !== 0) {
      slot = (slot + 1) & this.#mask;
    }
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = content;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    this.#mask = old.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      const content = old[at + 1] ?? 0;
      if (content !== 0) {
        this.#put(old[at] ?? 0, content);
      }
    }
  }
}

export const EMPTY = -1;
const OTHER = -2;
