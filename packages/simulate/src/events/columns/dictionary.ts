import { ANOTHER, ByteStore } from './byte-store.ts';
import { Int32Column } from './column.ts';
import type { Range, TextColumn } from './event-columns.ts';
import { hashOf } from './hash.ts';
import { EMPTY, SlotTable } from './slot-table.ts';
import { TextBytes } from './text-bytes.ts';

/** Texts by number, from 0 in the order in which they came; each once, compared by its bytes. */
export class Dictionary {
  readonly #bytes = new ByteStore();
  readonly #references = new Int32Column();
  readonly #table = new SlotTable(); // of references
  readonly #texts: (string | undefined)[] = []; // those that have been asked for
  readonly #asked = new TextBytes();

  get size(): number {
    return this.#references.size;
  }

  /**
   * The number of a text in UTF-8; a text that is not known yet gets a new one.
   *
   * @param hash by `hashOf`
   */
  intern(bytes: DataView, from: number, end: number, hash = hashOf(bytes, from, end)): number {
    const known = this.#find(bytes, from, end, hash);
    if (known >= 0) {
      return known;
    }
    const number = this.#references.size;
    const reference = this.#bytes.add(bytes, from, end, number);
    if (reference < 0) {
      throw new RangeError('More than 2 GiB of ids: simulate fewer events at a time');
    }
    this.#table.add(hash, reference);
    this.#references.push(reference);
    return number;
  }

  /**
   * The numbers of many texts, as `intern` gives them. The texts, which another core may have read last, and what they
   * need of tables larger than a cache are read for all of them before the first is looked up: the processor waits for
   * all of them together instead of for each in turn.
   *
   * @param numbers takes them, from its beginning
   */
  internAll(bytes: DataView, texts: TextColumn, { from, end }: Range, numbers: Int32Array): void {
    const { hash } = texts;
    const count = end - from;
    for (let place = 0; place < count; place += 1) {
      const at = texts.from[from + place] ?? 0;
      numbers[place] = at < bytes.byteLength ? bytes.getUint8(at) : 0; // an empty text may be at the end of the bytes
    }
    for (let place = 0; place < count; place += 1) {
      numbers[place] = this.#table.touch(hash[from + place] ?? 0);
    }
    for (let place = 0; place < count; place += 1) {
      numbers[place] = this.#bytes.touch(numbers[place] ?? 0);
    }
    for (let place = 0, text = from; text < end; place += 1, text += 1) {
      numbers[place] = this.intern(bytes, texts.from[text] ?? 0, texts.end[text] ?? 0, hash[text]);
    }
  }

  /** The number of a text; undefined if it is not in the dictionary. */
  numberOf(text: string): number | undefined {
    this.#asked.clear();
    this.#asked.write(text);
    const { view, end } = this.#asked;
    const found = this.#find(view, 0, end, hashOf(view, 0, end));
    return found < 0 ? undefined : found;
  }

  text(number: number): string {
    const known = this.#texts[number];
    if (known !== undefined) {
      return known;
    }
    const text = this.#bytes.textAt(this.#references.get(number));
    while (this.#texts.length <= number) {
      this.#texts.push(undefined);
    }
    this.#texts[number] = text;
    return text;
  }

  /** ANOTHER if it is not in the dictionary. */
  #find(bytes: DataView, from: number, end: number, hash: number): number {
    for (let slot = this.#table.first(hash); ; slot = this.#table.next(slot)) {
      const reference = this.#table.at(slot, hash);
      if (reference === EMPTY) {
        return ANOTHER;
      }
      if (reference < 0) {
        continue;
      }
      const number = this.#bytes.numberOf(reference, bytes, from, end);
      if (number !== ANOTHER) {
        return number;
      }
    }
  }
}
