import type { QueueName } from '@rewardbook/contracts/api/jobs';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ClosePhase } from './ledger.ts';

const PHASE_BUCKETS_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** What the ledger reports to Prometheus besides what every service does. */
export interface LedgerMetrics {
  countTallied(batches: number): void;
  observePhase(phase: ClosePhase, seconds: number): void;
  countSwept(kind: 'batches' | 'closes' | 'attempts', count: number): void;
}

/** @param depths asked at each scrape; what it rejects with leaves the depths as they were */
export function ledgerMetrics(
  registry: Registry,
  depths: () => Promise<Record<QueueName, { waiting: number; active: number; delayed: number; failed: number }>>,
): LedgerMetrics {
  const registers = [registry];
  const tallied = new Counter({
    name: 'ledger_tallied_batches_total',
    help: 'Ingest batches added to the live estimates',
    registers,
  });
  const phases = new Histogram({
    name: 'ledger_close_phase_duration_seconds',
    help: 'Duration of the phases of closes and dry runs',
    labelNames: ['phase'],
    buckets: PHASE_BUCKETS_SECONDS,
    registers,
  });
  const swept = new Counter({
    name: 'ledger_swept_total',
    help: 'What a crash had left behind: batches and closes that were enqueued again, attempts that were removed',
    labelNames: ['kind'],
    registers,
  });
  new Gauge({
    name: 'ledger_queue_jobs',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      const found = await depths().catch(() => undefined);
      if (found === undefined) {
        return;
      }
      for (const [queue, states] of Object.entries(found)) {
        for (const [state, count] of Object.entries(states)) {
          this.set({ queue, state }, count);
        }
      }
    },
  });
  return {
    countTallied: (batches) => tallied.inc(batches),
    observePhase: (phase, seconds) => phases.observe({ phase }, seconds),
    countSwept: (kind, count) => {
      if (count > 0) {
        swept.inc({ kind }, count);
      }
    },
  };
}
