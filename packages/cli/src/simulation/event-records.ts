import type { EventScanner } from '@rewardbook/contracts/event-scanner';
import type { EventPositions, EventSequence } from '@rewardbook/simulate/accepted-events';
import { EventBytes } from '@rewardbook/simulate/event-bytes';

/** Events of a block as positions in it: what one thread has read, for another to take. */
export interface EventRecords {
  readonly count: number;
  readonly positions: Int32Array<SharedArrayBuffer>;
  /** Epoch milliseconds. */
  readonly instants: Float64Array<SharedArrayBuffer>;
  /** The bytes of events that are not taken from the block: JSON with escapes, or written unusually. */
  readonly aside: Uint8Array<SharedArrayBuffer>;
}

const FIELDS = 12;
const LINE = 0;
const FLAGS = 1;
const ACTIVE = 1;
const ASIDE = 2;
const FIRST_RECORDS = 1024;

/** Gathers records. */
export class RecordWriter {
  #positions = new Int32Array(FIRST_RECORDS * FIELDS);
  #instants = new Float64Array(FIRST_RECORDS);
  readonly #aside = new EventBytes();
  #count = 0;

  /** @param line number of the line in its block */
  addScanned(scanned: EventScanner, line: number): void {
    this.#put(scanned, line, 0);
  }

  addAside(event: Parameters<EventBytes['append']>[0], line: number): void {
    this.#aside.append(event);
    this.#put(this.#aside, line, ASIDE);
  }

  /** What was gathered; the writer begins anew. */
  take(): EventRecords {
    const count = this.#count;
    this.#count = 0;
    const positions = new Int32Array(new SharedArrayBuffer(count * FIELDS * Int32Array.BYTES_PER_ELEMENT));
    positions.set(this.#positions.subarray(0, positions.length));
    const instants = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
    instants.set(this.#instants.subarray(0, count));
    const aside = new Uint8Array(new SharedArrayBuffer(this.#aside.size));
    aside.set(this.#aside.bytes.subarray(0, aside.length));
    this.#aside.clear();
    return { count, positions, instants, aside };
  }

  #put(at: EventPositions, line: number, flags: number): void {
    const record = this.#count;
    if (record === this.#instants.length) this.#grow();
    const positions = this.#positions;
    let field = record * FIELDS;
    positions[field++] = line;
    positions[field++] = at.active ? flags | ACTIVE : flags;
    positions[field++] = at.idFrom;
    positions[field++] = at.idEnd;
    positions[field++] = at.sourceFrom;
    positions[field++] = at.sourceEnd;
    positions[field++] = at.viewerFrom;
    positions[field++] = at.viewerEnd;
    positions[field++] = at.creatorFrom;
    positions[field++] = at.creatorEnd;
    positions[field++] = at.contentFrom;
    positions[field++] = at.contentEnd;
    this.#instants[record] = at.occurredAt;
    this.#count += 1;
  }

  #grow(): void {
    const positions = new Int32Array(2 * this.#positions.length);
    positions.set(this.#positions);
    this.#positions = positions;
    const instants = new Float64Array(2 * this.#instants.length);
    instants.set(this.#instants);
    this.#instants = instants;
  }
}

/** Looks at records one after the other. */
export class RecordReader implements EventSequence {
  readonly #records: EventRecords;
  readonly #block: Uint8Array;
  readonly count: number;
  bytes: Uint8Array;
  line = 0;
  active = false;
  idFrom = 0;
  idEnd = 0;
  sourceFrom = 0;
  sourceEnd = 0;
  viewerFrom = 0;
  viewerEnd = 0;
  creatorFrom = 0;
  creatorEnd = 0;
  contentFrom = 0;
  contentEnd = 0;
  occurredAt = 0;

  /** @param block that the records are of */
  constructor(records: EventRecords, block: Uint8Array) {
    this.#records = records;
    this.#block = block;
    this.bytes = block;
    this.count = records.count;
  }

  goTo(record: number): void {
    const { positions, instants, aside } = this.#records;
    const at = record * FIELDS;
    const flags = positions[at + FLAGS] ?? 0;
    this.line = positions[at + LINE] ?? 0;
    this.bytes = (flags & ASIDE) === 0 ? this.#block : aside;
    this.active = (flags & ACTIVE) !== 0;
    this.idFrom = positions[at + 2] ?? 0;
    this.idEnd = positions[at + 3] ?? 0;
    this.sourceFrom = positions[at + 4] ?? 0;
    this.sourceEnd = positions[at + 5] ?? 0;
    this.viewerFrom = positions[at + 6] ?? 0;
    this.viewerEnd = positions[at + 7] ?? 0;
    this.creatorFrom = positions[at + 8] ?? 0;
    this.creatorEnd = positions[at + 9] ?? 0;
    this.contentFrom = positions[at + 10] ?? 0;
    this.contentEnd = positions[at + 11] ?? 0;
    this.occurredAt = instants[record] ?? 0;
  }
}
