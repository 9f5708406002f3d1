const FIRST_CAPACITY = 64;

/**
 * Open addressing with linear probing: numbers from 0 under 32-bit hashes, of which several may be equal. The hash stands in the
 * slot: what is looked for is compared only where it is equal, and growing looks at nothing else.
 *
 *     for (let slot = table.first(hash); ; slot = table.next(slot)) {
 *       const found = table.at(slot, hash);
 *       if (found === EMPTY) break;
 *       if (found >= 0 && isWhatWeLookFor(found)) return found;
 *     }
 */
export class SlotTable {
  // Pairs of a hash and a number + 1; 0 is an empty slot.
  #slots = new Int32Array(2 * FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #size = 0;

  first(hash: number): number {
    return hash & this.#mask;
  }

  next(slot: number): number {
    return (slot + 1) & this.#mask;
  }

  /** The number in a slot, EMPTY, or OTHER where its hash is another. */
  at(slot: number, hash: number): number {
    const value = this.#slots[2 * slot + 1] ?? 0;
    if (value === 0) return EMPTY;
    return this.#slots[2 * slot] === hash ? value - 1 : OTHER;
  }

  add(hash: number, value: number): void {
    // At 7/10 a look-up meets two slots on average.
    if (10 * (this.#size + 1) > 7 * (this.#mask + 1)) this.#grow();
    this.#put(hash, value + 1);
    this.#size += 1;
  }

  #put(hash: number, stored: number): void {
    let slot = hash & this.#mask;
    while (this.#slots[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[2 * slot] = hash;
    this.#slots[2 * slot + 1] = stored;
  }

  #grow(): void {
    const old = this.#slots;
    const capacity = 2 * (this.#mask + 1);
    this.#slots = new Int32Array(2 * capacity);
    this.#mask = capacity - 1;
    for (let at = 0; at < old.length; at += 2) {
      const stored = old[at + 1] ?? 0;
      if (stored !== 0) this.#put(old[at] ?? 0, stored);
    }
  }
}

export const EMPTY = -1;
export const OTHER = -2;
