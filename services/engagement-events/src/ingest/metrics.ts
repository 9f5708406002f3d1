import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { RecordedBatch } from '../sql/batch-store.ts';

/** The ingest metrics for Prometheus. */
export class IngestMetrics {
  readonly #events: Counter<'outcome'>;
  readonly #flushSeconds: Histogram;
  readonly #inFlight: Gauge;
  readonly #refusedRequests: Counter<'reason'>;
  readonly #enqueueFailures: Counter;
  readonly #notKept: Counter;

  constructor(registry: Registry, gauges: { readonly streams: () => number; readonly waiting: () => number }) {
    const registers = [registry];
    this.#events = new Counter({
      name: 'rewardbook_ingest_events_total',
      help: 'Events by what became of them',
      labelNames: ['outcome'],
      registers,
    });
    this.#flushSeconds = new Histogram({
      name: 'rewardbook_ingest_flush_seconds',
      help: 'From the start of a statement that records events to its answer, retries included',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#inFlight = new Gauge({
      name: 'rewardbook_ingest_events_in_flight',
      help: 'Events in statements under way',
      registers,
    });
    this.#refusedRequests = new Counter({
      name: 'rewardbook_ingest_requests_put_off_total',
      help: 'Requests refused before their body was read',
      labelNames: ['reason'],
      registers,
    });
    this.#enqueueFailures = new Counter({
      name: 'rewardbook_ingest_enqueue_failures_total',
      help: 'Tally jobs that could not be enqueued; a sweep does it later',
      registers,
    });
    this.#notKept = new Counter({
      name: 'rewardbook_ingest_refused_not_kept_total',
      help: 'Refused events that were not kept for inspection, because their program had kept as much as it may in a day',
      registers,
    });
    const collected = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    collected('rewardbook_ingest_streams', 'Streams under way', gauges.streams);
    collected(
      'rewardbook_ingest_events_waiting',
      'Events of single requests that wait for a statement',
      gauges.waiting,
    );
  }

  flushBegins(events: number): void {
    this.#inFlight.inc(events);
  }

  flushEnds(events: number): void {
    this.#inFlight.dec(events);
  }

  recorded(batch: RecordedBatch, milliseconds: number): void {
    this.#events.inc({ outcome: 'accepted' }, batch.accepted);
    this.#events.inc({ outcome: 'duplicate' }, batch.duplicateLines.length);
    this.#events.inc({ outcome: 'conflict' }, batch.conflictLines.length);
    this.#flushSeconds.observe(milliseconds / 1000);
  }

  rejected(events: number): void {
    this.#events.inc({ outcome: 'rejected' }, events);
  }

  putOff(reason: string): void {
    this.#refusedRequests.inc({ reason });
  }

  notKept(events: number): void {
    this.#notKept.inc(events);
  }

  enqueueFailed(): void {
    this.#enqueueFailures.inc();
  }
}
