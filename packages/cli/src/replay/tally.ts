import { createHistogram } from 'node:perf_hooks';
import type { Ingested } from '@rewardbook/contracts/events';

/** A refused event by the line that it stands on. */
export interface RefusedAt {
  readonly line: number;
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
}

/** What a replay came to. Latencies are of requests, in milliseconds; null where none was answered. */
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
}

const MAX_REFUSED_KEPT = 1000;

/** Adds answers up in flat memory. */
export class ReplayTally {
  readonly #begun = performance.now();
  readonly #latencies = createHistogram();
  readonly #counts = { sent: 0, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, requests: 0, retries: 0 };
  readonly #refused: RefusedAt[] = [];
  #ended: number | undefined;

  /** @param numbers the line of each event of the request */
  add(answer: Ingested, numbers: readonly number[], latencyMs: number): void {
    const counts = this.#counts;
    counts.sent += answer.received;
    counts.accepted += answer.accepted;
    counts.duplicates += answer.duplicates;
    counts.conflicts += answer.conflicts;
    counts.rejected += answer.rejected;
    counts.requests += 1;
    this.#latencies.record(Math.max(1, Math.round(latencyMs * 1000))); // microseconds: it takes whole numbers from 1
    for (const { index, id, code, message } of answer.refused) {
      if (this.#refused.length === MAX_REFUSED_KEPT) break;
      this.#refused.push({ line: numbers[index] ?? 0, id, code, message });
    }
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

  summary(): ReplaySummary {
    const seconds = ((this.#ended ?? performance.now()) - this.#begun) / 1000;
    const percentile = (share: number): number | null =>
      this.#counts.requests === 0 ? null : Math.round(this.#latencies.percentile(share)) / 1000;
    return {
      ...this.#counts,
      seconds: Math.round(seconds * 1000) / 1000,
      eventsPerSecond: Math.round(this.#counts.sent / Math.max(seconds, 0.001)),
      latencyMs: { p50: percentile(50), p95: percentile(95), p99: percentile(99) },
      refused: this.#refused,
    };
  }
}
