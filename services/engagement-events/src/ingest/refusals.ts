import { toEventOut } from '@rewardbook/contracts/api/ingest/events';
import type { RecordedBatch } from '../sql/batch-store.ts';
import type { InsertColumns } from '../sql/event-columns.ts';
import type { RefusedEvent } from '../sql/refused-event.ts';
import type { IngestOutcome } from './outcome.ts';
import type { Recorder } from './recorder.ts';

/** At most this many rejected events of one request are kept, and as many conflicts. */
export const MAX_REFUSED_KEPT = 1_000;
const KEPT_AT_ONCE = 250;
/** Rejected events that are counted together, kept or not. */
const COUNTED_AT_ONCE = 10_000;

/** The conflicts of a recorded batch, as refused events. */
export function conflictsOf(events: InsertColumns, batch: RecordedBatch): RefusedEvent[] {
  return events.pick(batch.conflictLines).map((event, i) => ({
    index: events.indexes[batch.conflictLines[i] ?? 0] ?? 0,
    id: event.id,
    code: 'conflict',
    message: 'an event with this viewerId, source and id is recorded with other contents; that one stands',
    body: JSON.stringify(toEventOut(event)),
  }));
}

/** The rejected events of a request: counts them, lists them in its outcome, keeps the first of them. */
export class Rejections {
  readonly #programId: number;
  readonly #recorder: Recorder;
  readonly #outcome: IngestOutcome;
  #waiting: RefusedEvent[] = [];
  #uncounted = 0;

  constructor(programId: number, recorder: Recorder, outcome: IngestOutcome) {
    this.#programId = programId;
    this.#recorder = recorder;
    this.#outcome = outcome;
  }

  /** Whether it is time to `write`. */
  get isFull(): boolean {
    return this.#waiting.length >= KEPT_AT_ONCE || this.#uncounted >= COUNTED_AT_ONCE;
  }

  /** Whether the body of another one would be kept; if not, it need not be passed. */
  get keepsMore(): boolean {
    return this.#outcome.rejected < MAX_REFUSED_KEPT;
  }

  add(refused: RefusedEvent): void {
    if (this.keepsMore) {
      this.#waiting.push(refused);
    }
    this.#outcome.rejected += 1;
    this.#uncounted += 1;
    this.#outcome.list(refused);
  }

  async write(): Promise<void> {
    const refused = this.#waiting;
    this.#waiting = [];
    const uncounted = this.#uncounted;
    this.#uncounted = 0;
    await this.#recorder.keepRefused(this.#programId, refused, uncounted);
  }
}
