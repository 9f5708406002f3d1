/** An event whose parties have numbers already. */
export interface NumberedEvent {
  readonly viewer: number;
  readonly creator: number;
  /** NO_CONTENT for a follow. */
  readonly content: number;
  /** Whether it gives. */
  readonly active: boolean;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** Where its id and source are. */
  readonly idReference: number;
  /** Of its viewer, source and id. */
  readonly identityHash: number;
}

/** So many that the tables for the events of one part stay in a core's cache. A power of two. */
const PARTS = 64;

/** Events that are taken once all are there: those of some of the viewers, then those of others. */
export class WaitingEvents {
  readonly #parts = Array.from({ length: PARTS }, () => new WaitingPart());

  /** @param line what the event is called when it is taken, below 2^32 */
  add(event: NumberedEvent, line: number): void {
    this.#parts[event.viewer & (PARTS - 1)]?.add(event, line);
  }

  /** The parts, each let go when the next is asked for. */
  *parts(): Generator<WaitingPart> {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) yield part;
  }
}

// What is known of an event stands together, in so many 32-bit fields; the instant takes two of them.
const FIELDS = 8;
const INSTANT = 6;
const FIRST_ROWS = 32;
const MOST_ROWS = 4096;

interface Chunk {
  readonly fields: Int32Array;
  readonly instants: Float64Array;
}

/** The events of some of the viewers, in the order in which they came. */
export class WaitingPart {
  readonly #chunks = [chunkOf(FIRST_ROWS)];
  #last = this.#chunks[0] ?? chunkOf(FIRST_ROWS);
  #used = 0; // fields of the last
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(event: NumberedEvent, line: number): void {
    if (this.#used === this.#last.fields.length) this.#grow();
    const { fields, instants } = this.#last;
    const at = this.#used;
    fields[at] = event.viewer;
    fields[at + 1] = event.creator;
    fields[at + 2] = 2 * event.content + (event.active ? 1 : 0);
    fields[at + 3] = event.idReference;
    fields[at + 4] = event.identityHash;
    fields[at + 5] = line;
    instants[(at + INSTANT) >> 1] = event.occurredAt;
    this.#used += FIELDS;
    this.#count += 1;
  }

  /** Gives each event, until the next one is given, with its line. */
  each(take: (event: NumberedEvent, line: number) => void): void {
    const event = { viewer: 0, creator: 0, content: 0, active: false, occurredAt: 0, idReference: 0, identityHash: 0 };
    for (const chunk of this.#chunks) {
      const { fields, instants } = chunk;
      const end = chunk === this.#last ? this.#used : fields.length;
      for (let at = 0; at < end; at += FIELDS) {
        event.viewer = fields[at] ?? 0;
        event.creator = fields[at + 1] ?? 0;
        const content = fields[at + 2] ?? 0;
        event.content = content >> 1;
        event.active = (content & 1) === 1;
        event.idReference = fields[at + 3] ?? 0;
        event.identityHash = fields[at + 4] ?? 0;
        event.occurredAt = instants[(at + INSTANT) >> 1] ?? 0;
        take(event, (fields[at + 5] ?? 0) >>> 0);
      }
    }
  }

  #grow(): void {
    this.#last = chunkOf(Math.min(MOST_ROWS, (2 * this.#used) / FIELDS));
    this.#chunks.push(this.#last);
    this.#used = 0;
  }
}

function chunkOf(rows: number): Chunk {
  const fields = new Int32Array(rows * FIELDS);
  return { fields, instants: new Float64Array(fields.buffer) };
}
