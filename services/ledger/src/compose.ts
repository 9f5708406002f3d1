import { connectForKeys, findApiKey } from '@rewardbook/db/api-keys';
import { auditLog } from '@rewardbook/db/audit-log';
import { connect, type Sql } from '@rewardbook/db/client';
import type { Queues } from '@rewardbook/queue/queues';
import { createApp } from '@rewardbook/runtime/app';
import type { LiveLimits } from '@rewardbook/runtime/live/live';
import { repeatEvery } from '@rewardbook/runtime/repeat-every';
import type { Composed } from '@rewardbook/runtime/serve';
import type { FastifyBaseLogger } from 'fastify';
import { adjustmentRoutes } from './adjustments/routes.ts';
import { allocationRoutes } from './close/allocation-routes.ts';
import { closeOnce } from './close/close-period.ts';
import { dryRuns } from './close/dry-run.ts';
import { lockstepRoutes } from './close/lockstep-routes.ts';
import { periodRoutes } from './close/routes.ts';
import { creatorRoutes } from './creators/routes.ts';
import { approvalRoutes } from './decisions/routes.ts';
import { holdRoutes } from './holds/routes.ts';
import { accountRoutes } from './journal/account-routes.ts';
import { journalRoutes } from './journal/routes.ts';
import { auditRoutes } from './keys/audit-log-routes.ts';
import { keyRoutes } from './keys/routes.ts';
import { liveRoutes } from './live/routes.ts';
import { runChangeRoutes } from './payouts/change-routes.ts';
import { payoutRunCommands } from './payouts/command-routes.ts';
import { payoutRunRoutes } from './payouts/routes.ts';
import { taxRoutes } from './payouts/tax-routes.ts';
import { programRoutes } from './programs/routes.ts';
import { proofRoutes } from './proofs/routes.ts';
import { reconciliationRoutes } from './reconciliation/routes.ts';
import { statementLineRoutes } from './reconciliation/statement-lines-routes.ts';
import { sweepLeftBehind } from './recovery/sweep.ts';
import { revenueRoutes } from './revenue/routes.ts';
import type { Ledger } from './service/ledger.ts';
import { ledgerMetrics } from './service/metrics.ts';
import { tallyRoutes } from './tallies/routes.ts';
import { tally } from './tallies/tally.ts';
import { verifyRoutes } from './verify/routes.ts';
import { verifyRunRoutes } from './verify/run-routes.ts';
import { VerifyPlace, VerifyRuns } from './verify/verify-runs.ts';

export interface LedgerDeps {
  /** A login of the role `rewardbook_ledger`. */
  readonly databaseUrl: string;
  /** Opened by the caller, and closed by it after this service. */
  readonly queues: Queues;
  readonly logger: FastifyBaseLogger;
  /** Epoch milliseconds; tests give their own. */
  readonly now?: () => number;
  /** Of the streams of what happens; what is left out is as usual. */
  readonly live?: Partial<LiveLimits>;
  /** Pause between two sweeps. */
  readonly sweepEveryMs?: number;
}

const CONNECTIONS = 8;
// A close and a dry run or two, and a verification, each with a query besides its cursor.
const SLOW_CONNECTIONS = 6;
const SLOW_STATEMENT_MS = 3_600_000;
const SWEEP_EVERY_MS = 5_000;
const TALLIES_AT_ONCE = 2;
const CLOSES_AT_ONCE = 1;
const DRY_RUNS_AT_ONCE = 1;
const EVENTS_FOR_TWO_PARTS = 100_000;
const BODY_LIMIT_BYTES = 1_048_576;

/** The ledger: its API, its workers and its sweep. */
export async function compose(deps: LedgerDeps): Promise<Composed> {
  const { queues, logger } = deps;
  const now = deps.now ?? Date.now;
  const keys = connectForKeys(deps.databaseUrl);
  const sql = connect(deps.databaseUrl, { max: CONNECTIONS, applicationName: 'ledger' });
  const connectSlow = (max: number, lasting: boolean): Sql =>
    connect(deps.databaseUrl, { max, lasting, statementTimeoutMs: SLOW_STATEMENT_MS, applicationName: 'ledger-slow' });
  const slowSql = connectSlow(SLOW_CONNECTIONS, false);
  const app = await createApp({
    name: 'ledger',
    description: 'Programs, creators, revenue, closes, and the books',
    logger,
    findKey: (hash) => findApiKey(keys, hash),
    audit: auditLog(sql, 'ledger'),
    checks: { database: () => sql`SELECT 1`, queue: () => queues.ready() },
    bodyLimitBytes: BODY_LIMIT_BYTES,
    now,
  });
  const metrics = ledgerMetrics(app.metrics, () => queues.depths());
  const ledger: Ledger = {
    sql,
    slowSql,
    openConnection: () => connectSlow(1, true),
    unnotedFailures: new Map(),
    enqueueClose: (job) => queues.enqueue('close', job),
    eventsForTwoParts: EVENTS_FOR_TWO_PARTS,
    beginPhase: () => undefined, // only a close that is begun is watched
    observePhase: metrics.observePhase,
  };

  programRoutes(app, ledger);
  creatorRoutes(app, ledger);
  revenueRoutes(app, ledger, now);
  lockstepRoutes(app, ledger);
  periodRoutes(app, ledger, dryRuns(ledger, DRY_RUNS_AT_ONCE));
  allocationRoutes(app, ledger);
  proofRoutes(app, ledger);
  tallyRoutes(app, ledger);
  journalRoutes(app, ledger);
  accountRoutes(app, ledger);
  const verifyPlace = new VerifyPlace();
  const verifyRuns = new VerifyRuns(ledger, verifyPlace, logger);
  verifyRoutes(app, ledger, verifyPlace);
  verifyRunRoutes(app, ledger, verifyRuns);
  payoutRunRoutes(app, ledger, now);
  payoutRunCommands(app, ledger, now);
  runChangeRoutes(app, ledger);
  taxRoutes(app, ledger, now);
  holdRoutes(app, ledger, now);
  adjustmentRoutes(app, ledger, now);
  approvalRoutes(app, ledger, now);
  reconciliationRoutes(app, ledger);
  statementLineRoutes(app, ledger);
  keyRoutes(app, ledger, now);
  auditRoutes(app, ledger);
  liveRoutes(app, ledger, queues, deps.live);

  const tallies = await queues.worker('tally', async (job) => metrics.countTallied(await tally(ledger, job)), {
    concurrency: TALLIES_AT_ONCE,
  });
  const closes = await queues.worker('close', closeOnce(ledger), { concurrency: CLOSES_AT_ONCE });
  const sweeping = repeatEvery(deps.sweepEveryMs ?? SWEEP_EVERY_MS, async () => {
    try {
      const swept = await sweepLeftBehind(ledger, queues, now);
      metrics.countSwept('batches', swept.enqueuedBatches);
      metrics.countSwept('closes', swept.enqueuedCloses);
      metrics.countSwept('attempts', swept.sweptAttempts);
      for (const error of swept.failures) {
        logger.warn({ err: error }, 'a step of a sweep failed; the next sweep follows');
      }
    } catch (error) {
      logger.warn({ err: error }, 'a sweep failed; the next one follows');
    }
  });

  return {
    app,
    workers: [
      sweeping,
      verifyRuns,
      ...[tallies, closes].map((worker) => ({ close: async () => void (await worker.close()) })),
    ],
    close: async () => void (await Promise.all([sql, slowSql, keys].map((pool) => pool.end({ timeout: 5 })))),
  };
}
