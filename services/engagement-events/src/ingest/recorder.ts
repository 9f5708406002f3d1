import type { BatchStore, RecordedBatch } from '../sql/batch-store.ts';
import type { InsertColumns } from '../sql/event-columns.ts';
import type { RefusedEvent } from '../sql/refused-event.ts';
import type { IngestMetrics } from './metrics.ts';
import { withRetries } from './retry.ts';

export interface RecorderOptions {
  readonly store: BatchStore;
  readonly retryMs: number;
  /** Longest time of a statement while the database works normally. */
  readonly statementMs: number;
  readonly metrics: IngestMetrics;
  readonly onRetry: (error: unknown) => void;
  /** Called for each batch with new events, once closes see it. */
  readonly onSealed: (programId: number, batchId: bigint) => void;
}

/** Batch numbers fetched at a time: few enough that those of several instances stay close together on disk. */
const RESERVED_AT_ONCE = 64;
/** Older ones are left unused: the numbers of several instances stay in the order of time, give or take as much. */
const RESERVED_FOR_MS = 5_000;

/** Records batches so that a lost answer, a deadlock or a restart of the database changes neither events nor counts. */
export class Recorder {
  readonly #options: RecorderOptions;
  #reserved: bigint[] = [];
  #reservedAtMs = 0;
  #reserving: Promise<void> | undefined;
  readonly #begun = new Set<{ readonly at: number }>();
  #failing = 0;
  /** The last call failed even after retries: the next one gets little time. */
  #gaveUp = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Whether calls are failing right now and being retried. */
  get failing(): boolean {
    return this.#failing > 0;
  }

  /** How long the oldest statement has been under way, in milliseconds. */
  get oldestMs(): number {
    for (const { at } of this.#begun) {
      return performance.now() - at; // a Set keeps insertion order
    }
    return 0;
  }

  /**
   * Writes events as one batch. When this resolves they are durable, and the next close sees them.
   *
   * @param lookFirst saves time where most events are expected to be duplicates
   * @throws the error of the database, after `retryMs` of retries; the batch may be recorded or not;
   * if it is, a sweep seals it
   */
  async record(programId: number, events: InsertColumns, lookFirst = false): Promise<RecordedBatch> {
    const { store, metrics, onSealed } = this.#options;
    const flush = { at: performance.now() };
    this.#begun.add(flush);
    metrics.flushBegins(events.size);
    try {
      const batchId = await this.#takeNumber();
      const batch = await this.#retrying(() => store.record(programId, events, batchId, lookFirst));
      metrics.recorded(batch, performance.now() - flush.at);
      if (batch.accepted > 0) {
        onSealed(programId, batchId);
      }
      return batch;
    } finally {
      this.#begun.delete(flush);
      metrics.flushEnds(events.size);
    }
  }

  /**
   * Keeps refused events for inspection, within the program's quota; when an answer is lost they may be kept twice.
   *
   * @param rejected how many more events were rejected, kept or not
   */
  async keepRefused(programId: number, refused: readonly RefusedEvent[], rejected: number): Promise<void> {
    if (refused.length === 0 && rejected === 0) {
      return;
    }
    const kept = await this.#retrying(() => this.#options.store.keepRefused(programId, refused, rejected));
    this.#options.metrics.notKept(refused.length - kept);
  }

  async #takeNumber(): Promise<bigint> {
    for (;;) {
      const number = this.#reserved.shift();
      if (number !== undefined && performance.now() - this.#reservedAtMs < RESERVED_FOR_MS) {
        return number;
      }
      this.#reserving ??= this.#retrying(() => this.#options.store.reserve(RESERVED_AT_ONCE))
        .then((numbers) => {
          this.#reserved = numbers;
          this.#reservedAtMs = performance.now();
        })
        .finally(() => {
          this.#reserving = undefined;
        });
      await this.#reserving;
    }
  }

  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    const { retryMs, statementMs, onRetry } = this.#options;
    let failed = false;
    try {
      const done = await withRetries(work, {
        forMs: retryMs,
        limitMs: this.#gaveUp ? retryMs : statementMs,
        onRetry: (error) => {
          if (!failed) {
            this.#failing += 1;
          }
          failed = true;
          onRetry(error);
        },
      });
      this.#gaveUp = false;
      return done;
    } catch (error) {
      this.#gaveUp = true;
      throw error;
    } finally {
      if (failed) {
        this.#failing -= 1;
      }
    }
  }
}
