import type { Ingested } from '@rewardbook/contracts/api/ingest/events';
import type { Fault } from './faults.ts';
import { GARBAGE } from './garbage.ts';
import { Latencies } from './latencies.ts';
import type { WithheldCounts } from './withhold.ts';

/** A refused event, by the line that it is on. */
export interface RefusedAt {
  readonly line: number;
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
}

/** The outcome of a replay. Latencies are of requests, in milliseconds; null where none was answered. */
export interface ReplaySummary {
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly requests: number;
  /** Requests that were sent again: what they had done the first time is among the duplicates. */
  readonly retries: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null };
  /** The first ones. */
  readonly refused: readonly RefusedAt[];
  /** What was done on purpose; it is in no other count. Only where something was asked for. */
  readonly onPurpose?: OnPurpose;
}

export interface OnPurpose extends Readonly<WithheldCounts> {
  readonly seed: string;
  /** Requests by fault. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** Lines that were not events, all of which the service has to refuse. */
  readonly garbageLines: number;
  /** Faults that the service did not notice though it must: lines of garbage that it took, cut gzip that it took for whole. */
  readonly unnoticed: Readonly<Partial<Record<Fault, number>>>;
}

const MAX_REFUSED_KEPT = 1000;

/** Adds answers up in constant memory. */
export class ReplayTally {
  readonly #begun = performance.now();
  readonly #latencies = new Latencies();
  readonly #counts = { sent: 0, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, requests: 0, retries: 0 };
  readonly #refused: RefusedAt[] = [];
  readonly #faults: Partial<Record<Fault, number>> = {};
  readonly #unnoticed: Partial<Record<Fault, number>> = {};
  #garbageLines = 0;
  #ended: number | undefined;

  /** @param numbers the line of each event of the request */
  add(answer: Ingested, numbers: readonly number[], latencyMs: number): void {
    const counts = this.#counts;
    const garbage = numbers.filter((number) => number === GARBAGE).length;
    this.#garbageLines += garbage;
    const garbageRefused = garbage === 0 ? 0 : garbage - this.#garbageTaken(answer, numbers);
    if (garbage > garbageRefused) {
      this.addUnnoticed('garbage', garbage - garbageRefused);
    }
    counts.sent += answer.received - garbage;
    counts.accepted += answer.accepted;
    counts.duplicates += answer.duplicates;
    counts.conflicts += answer.conflicts;
    counts.rejected += answer.rejected - garbageRefused;
    counts.requests += 1;
    this.#latencies.record(Math.max(1, Math.round(latencyMs * 1000))); // microseconds
    for (const { index, id, code, message } of answer.refused) {
      if (this.#refused.length === MAX_REFUSED_KEPT) {
        break;
      }
      const line = numbers[index] ?? 0;
      if (line !== GARBAGE) {
        this.#refused.push({ line, id, code, message });
      }
    }
  }

  addFault(kind: Fault): void {
    this.#faults[kind] = (this.#faults[kind] ?? 0) + 1;
  }

  addUnnoticed(kind: Fault, count: number): void {
    this.#unnoticed[kind] = (this.#unnoticed[kind] ?? 0) + count;
  }

  /** How many lines of garbage the service did not refuse; those beyond what its answer lists count as refused. */
  #garbageTaken({ refused, rejected, conflicts }: Ingested, numbers: readonly number[]): number {
    if (refused.length < rejected + conflicts) {
      return 0;
    }
    const listed = new Set(refused.map(({ index }) => index));
    return numbers.filter((number, index) => number === GARBAGE && !listed.has(index)).length;
  }

  addRetry(): void {
    this.#counts.retries += 1;
  }

  get sent(): number {
    return this.#counts.sent;
  }

  /** The time that counts ends here: the last event is durable. */
  end(): void {
    this.#ended = performance.now();
  }

  /** @param withheld what was left out and held back, and the seed of it all; undefined where nothing was asked for */
  summary(withheld?: WithheldCounts & { readonly seed: string }): ReplaySummary {
    const seconds = ((this.#ended ?? performance.now()) - this.#begun) / 1000;
    const percentile = (share: number): number | null =>
      this.#counts.requests === 0 ? null : Math.round(this.#latencies.percentile(share)) / 1000;
    return {
      ...this.#counts,
      seconds: Math.round(seconds * 1000) / 1000,
      eventsPerSecond: Math.round(this.#counts.sent / Math.max(seconds, 0.001)),
      latencyMs: { p50: percentile(50), p95: percentile(95), p99: percentile(99) },
      refused: this.#refused,
      ...(withheld === undefined
        ? {}
        : {
            onPurpose: {
              ...withheld,
              faults: this.#faults,
              garbageLines: this.#garbageLines,
              unnoticed: this.#unnoticed,
            },
          }),
    };
  }
}
