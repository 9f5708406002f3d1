import { CHUNK_BYTES, type SpareMemory } from './columns/spare-memory.ts';

/** An event whose parties have numbers already. */
export interface NumberedEvent {
  readonly viewer: number;
  readonly creator: number;
  /** NO_CONTENT for a follow. */
  readonly content: number;
  /** Whether it is a like or follow. */
  readonly active: boolean;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** Where its id and source are. */
  readonly idReference: number;
  /** Of its viewer, source and id. */
  readonly identityHash: number;
}

/** Enough parts that the tables for the events of one part stay in a core's cache. A power of two. */
const PARTS = 128;

/** Events that are taken once all have come: those of one part of the viewers, then those of the next. */
export class WaitingEvents {
  readonly #parts = Array.from({ length: PARTS }, () => new WaitingPart());

  /** @param line what the event is called when it is taken, below 2^32 */
  add(event: NumberedEvent, line: number): void {
    this.#parts[event.viewer & (PARTS - 1)]?.add(event, line);
  }

  /** The parts, each let go when the next is asked for. */
  *parts(): Generator<WaitingPart> {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      yield part;
    }
  }
}

// Each event takes this many consecutive 32-bit fields; the instant takes two of them.
const FIELDS = 8;
const INSTANT = 6;
const FIRST_BYTES = 1024;

interface Chunk {
  readonly memory: ArrayBuffer;
  readonly fields: Int32Array;
  readonly instants: Float64Array;
}

/** The events of some of the viewers, in the order in which they came. */
export class WaitingPart {
  #chunks: Chunk[] = [];
  #last = chunkOf(new ArrayBuffer(FIRST_BYTES));
  #used = 0; // fields of the last

  add(event: NumberedEvent, line: number): void {
    if (this.#used === this.#last.fields.length) {
      this.#grow();
    }
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
  }

  /**
   * Gives each event, until the next one is given, with its line; once.
   *
   * @param spare gets the memory, bit by bit
   */
  each(spare: SpareMemory, take: (event: NumberedEvent, line: number) => void): void {
    const event = { viewer: 0, creator: 0, content: 0, active: false, occurredAt: 0, idReference: 0, identityHash: 0 };
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of [...chunks, this.#last]) {
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
      if (chunk.memory.byteLength === CHUNK_BYTES) {
        spare.put(chunk.memory);
      }
    }
    this.#used = 0;
  }

  #grow(): void {
    this.#chunks.push(this.#last);
    this.#last = chunkOf(new ArrayBuffer(Math.min(CHUNK_BYTES, 2 * this.#last.memory.byteLength)));
    this.#used = 0;
  }
}

function chunkOf(memory: ArrayBuffer): Chunk {
  return { memory, fields: new Int32Array(memory), instants: new Float64Array(memory) };
}
