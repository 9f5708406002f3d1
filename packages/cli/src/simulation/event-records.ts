import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { EventPositions } from '@rewardbook/simulate/events/accepted-events';
import {
  EVENT_BYTES,
  type EventColumns,
  eventColumns,
  type TextColumn,
} from '@rewardbook/simulate/events/columns/event-columns';
import { hashOf, mix } from '@rewardbook/simulate/events/columns/hash';
import { EventBytes } from '@rewardbook/simulate/events/event-bytes';

/** No line of an event is shorter: its keys and their quotes, four texts of a byte, a type and an instant. */
const LEAST_LINE_BYTES = 80;
const SHARDING = 0x9e3779b9;

/** Whole lines of a file, and the events that one thread found in them for all. */
export interface BlockMemory {
  readonly lines: SharedArrayBuffer;
  readonly records: SharedArrayBuffer;
}

/** Memory for this many bytes of lines, and for all events that these can be, whichever thread has them. */
export function blockMemory(bytes: number, threads: number): BlockMemory {
  return {
    lines: new SharedArrayBuffer(bytes),
    records: new SharedArrayBuffer(threads * recordsIn(bytes) * EVENT_BYTES),
  };
}

function recordsIn(bytes: number): number {
  return 2 * Math.ceil(bytes / LEAST_LINE_BYTES / 2);
}

/** The events of a block that are for a thread. */
export function recordsOf({ lines, records }: BlockMemory, thread: number, count?: number): EventColumns {
  const room = recordsIn(lines.byteLength);
  const offset = thread * room * EVENT_BYTES;
  return eventColumns(new DataView(lines), records, { offset, room, count: count ?? room });
}

/** Writes the events of a block, each for the thread that has its viewer. */
export class RecordWriter {
  readonly #lines: SharedArrayBuffer;
  readonly #bytes: DataView;
  readonly #columns: readonly EventColumns[];
  readonly #decoded = new EventBytes();
  /** How many there are by thread. */
  readonly counts: number[];

  constructor(memory: BlockMemory, threads: number) {
    this.#lines = memory.lines;
    this.#bytes = new DataView(memory.lines);
    this.#columns = Array.from({ length: threads }, (_, thread) => recordsOf(memory, thread));
    this.counts = this.#columns.map(() => 0);
  }

  /** An event whose decoded bytes are not in the block: they are written over its line, which is never shorter. */
  addDecoded(event: EngagementEvent, from: number, line: number): void {
    this.#decoded.set(event);
    new Uint8Array(this.#lines).set(this.#decoded.bytes.subarray(0, this.#decoded.size), from);
    this.add(this.#decoded, line, from);
  }

  /**
   * @param line number of the line in its block
   * @param from where in the block the positions begin to count
   */
  add(at: EventPositions, line: number, from = 0): void {
    const bytes = this.#bytes;
    const viewerHash = hashOf(bytes, from + at.viewerFrom, from + at.viewerEnd);
    const thread = threadOf(viewerHash, this.counts.length);
    const columns = this.#columns[thread];
    if (columns === undefined) {
      throw new Error(`there is no thread ${thread}`);
    }
    const index = this.counts[thread] ?? 0;
    this.counts[thread] = index + 1;
    putText(columns.ids, index, from + at.idFrom, from + at.idEnd, bytes);
    putText(columns.creators, index, from + at.creatorFrom, from + at.creatorEnd, bytes);
    putText(columns.contents, index, from + at.contentFrom, from + at.contentEnd, bytes);
    if (at.sourceEnd === 0) {
      columns.sources.end[index] = 0;
    } else {
      putText(columns.sources, index, from + at.sourceFrom, from + at.sourceEnd, bytes);
    }
    columns.viewers.from[index] = from + at.viewerFrom;
    columns.viewers.end[index] = from + at.viewerEnd;
    columns.viewers.hash[index] = viewerHash;
    columns.gives[index] = at.active ? 1 : 0;
    columns.lines[index] = line;
    columns.occurredAt[index] = at.occurredAt;
  }
}

function putText(column: TextColumn, index: number, from: number, end: number, bytes: DataView): void {
  column.from[index] = from;
  column.end[index] = end;
  column.hash[index] = hashOf(bytes, from, end);
}

/** The thread that has a viewer. Mixed again: a bit that is the same in all of a thread's hashes would leave half of its tables empty, and the rest full. */
function threadOf(viewerHash: number, threads: number): number {
  return (mix(viewerHash ^ SHARDING) >>> 0) % threads;
}
