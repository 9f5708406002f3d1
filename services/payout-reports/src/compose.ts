import { findApiKey } from '@rewardbook/db/api-keys';
import { connect } from '@rewardbook/db/client';
import { createApp } from '@rewardbook/runtime/app';
import type { Composed } from '@rewardbook/runtime/serve';
import type { FastifyBaseLogger } from 'fastify';
import { MAX_REPORTS, registerReports } from './routes/reports.ts';

export interface Deps {
  /** A login in the role rewardbook_service. */
  readonly databaseUrl: string;
  readonly logger: FastifyBaseLogger;
}

// The server cancels a statement after this; a cursor counts until its reader is done.
const REPORT_TIMEOUT_MS = 15 * 60_000;
// Beside those that run reports, for keys, programs and readiness.
const SPARE_CONNECTIONS = 4;

/** Puts the service together; `close` releases what it opened. */
export async function compose({ databaseUrl, logger }: Deps): Promise<Composed> {
  const reports = connect(databaseUrl, {
    max: MAX_REPORTS + SPARE_CONNECTIONS,
    statementTimeoutMs: REPORT_TIMEOUT_MS,
    applicationName: 'rewardbook-payout-reports',
  });
  const app = await createApp({
    name: 'payout-reports',
    description: 'Reports on payouts and the books: JSON, or CSV with format=csv or Accept: text/csv. Read only.',
    logger,
    findKey: (hash) => findApiKey(reports, hash),
    checks: { database: () => reports`SELECT 1` },
  });
  registerReports(app, reports);
  return { app, workers: [], close: () => reports.end({ timeout: 5 }) };
}
