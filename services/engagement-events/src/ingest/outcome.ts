import { type Ingested, MAX_REFUSED_LISTED, type RefusedLine } from '@rewardbook/contracts/api/ingest/events';
import type { RefusedEvent } from '../sql/refused-event.ts';

/** What became of the events that were submitted together. */
export interface Collected {
  accepted: number;
  duplicates: number;
  readonly conflicts: RefusedEvent[];
  readonly batches: string[];
}

/** No more batch ids than this are listed in an answer. */
const MAX_BATCHES_LISTED = 1_000;

/** What became of a request's events so far. Counts are unbounded, lists are not. */
export class IngestOutcome {
  received = 0;
  accepted = 0;
  duplicates = 0;
  conflicts = 0;
  rejected = 0;
  readonly #batches: string[] = [];
  #refused: RefusedLine[] = [];

  addBatch(batchId: string): void {
    if (this.#batches.length < MAX_BATCHES_LISTED) {
      this.#batches.push(batchId);
    }
  }

  /** Counts what became of events that were submitted together. */
  take({ accepted, duplicates, conflicts, batches }: Collected): void {
    this.accepted += accepted;
    this.duplicates += duplicates;
    this.conflicts += conflicts.length;
    for (const batchId of batches) {
      this.addBatch(batchId);
    }
    for (const conflict of conflicts) {
      this.list(conflict);
    }
  }

  /** Lists a refused event. Conflicts come late and out of order, so more is held than listed, and cut now and then. */
  list({ index, id, code, message }: RefusedLine): void {
    this.#refused.push({ index, id, code, message });
    if (this.#refused.length >= 2 * MAX_REFUSED_LISTED) {
      this.#refused = this.#firstRefused();
    }
  }

  answer(): Ingested {
    const { received, accepted, duplicates, conflicts, rejected } = this;
    return {
      received,
      accepted,
      duplicates,
      conflicts,
      rejected,
      batches: this.#batches.slice(),
      refused: this.#firstRefused(),
    };
  }

  #firstRefused(): RefusedLine[] {
    return this.#refused.sort((a, b) => a.index - b.index).slice(0, MAX_REFUSED_LISTED);
  }
}
