import { findApiKey } from '@rewardbook/db/api-keys';
import { auditLog } from '@rewardbook/db/audit-log';
import { connect } from '@rewardbook/db/client';
import { createApp } from '@rewardbook/runtime/app';
import type { Composed } from '@rewardbook/runtime/serve';
import type { FastifyBaseLogger } from 'fastify';
import { registerExplanations } from './routes/explanations.ts';
import { registerPayments } from './routes/payments.ts';
import { registerReports } from './routes/reports.ts';
import { answerStreams } from './routes/streamed-answer.ts';

export interface Deps {
  /** A login in the role rewardbook_service. */
  readonly databaseUrl: string;
  readonly logger: FastifyBaseLogger;
}

// A batch may wait for a whole sort; a reader that stands still for longer than this is gone.
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
const IDLE_TIMEOUT_MS = 5 * 60_000;

/** Puts the service together; `close` releases what it opened. Each report that runs has a connection of its own besides. */
export async function compose({ databaseUrl, logger }: Deps): Promise<Composed> {
  const sql = connect(databaseUrl, { max: 4, applicationName: 'rewardbook-payout-reports' });
  const app = await createApp({
    name: 'payout-reports',
    description: 'Reports on payouts and the books: JSON, or CSV with format=csv or Accept: text/csv. Read only.',
    logger,
    findKey: (hash) => findApiKey(sql, hash),
    audit: auditLog(sql, 'payout-reports'),
    checks: { database: () => sql`SELECT 1` },
  });
  const source = { databaseUrl, statementTimeoutMs: STATEMENT_TIMEOUT_MS, idleTimeoutMs: IDLE_TIMEOUT_MS };
  const answerStream = answerStreams(sql, source);
  registerReports(app, answerStream);
  registerPayments(app, sql, source, answerStream);
  registerExplanations(app, sql, source);
  return { app, workers: [], close: () => sql.end({ timeout: 5 }) };
}
