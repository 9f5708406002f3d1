import accepts from '@fastify/accepts';
import { connectForKeys, findApiKey } from '@rewardbook/db/api-keys';
import { auditLog } from '@rewardbook/db/audit-log';
import { connect } from '@rewardbook/db/client';
import { createApp } from '@rewardbook/runtime/app';
import type { Composed } from '@rewardbook/runtime/serve';
import type { FastifyBaseLogger } from 'fastify';
import { registerExcluded } from './explanations/excluded-routes.ts';
import { registerExplanations } from './explanations/routes.ts';
import { Lab } from './lab/lab.ts';
import type { LabLimits } from './lab/limits.ts';
import { registerLab } from './lab/routes.ts';
import { registerPayments } from './payments/routes.ts';
import { registerCreatorBalance } from './reports/creator-balance/routes.ts';
import { registerReports } from './reports/routes.ts';
import { answerStreams } from './service/streamed-answer.ts';

export interface ReportsDeps {
  /** A login of the role `rewardbook_reports`. */
  readonly databaseUrl: string;
  readonly logger: FastifyBaseLogger;
  /** Limits of the policy lab that differ from the defaults. */
  readonly labLimits?: Partial<LabLimits>;
  /** Epoch milliseconds; defaults to the clock. */
  readonly now?: () => number;
}

// A batch may wait for a whole sort; a reader that takes nothing for longer than this is gone.
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
const IDLE_TIMEOUT_MS = 5 * 60_000;

/** Puts the service together; `close` releases what it opened. Each running report also has its own connection. */
export async function compose({ databaseUrl, logger, labLimits, now = Date.now }: ReportsDeps): Promise<Composed> {
  const keys = connectForKeys(databaseUrl);
  const sql = connect(databaseUrl, { max: 4, applicationName: 'rewardbook-payout-reports' });
  const app = await createApp({
    name: 'payout-reports',
    description:
      'Reports on payouts and the books: JSON, or CSV with format=csv or Accept: text/csv. Questions to the policy lab. Read only.',
    logger,
    findKey: (hash) => findApiKey(keys, hash),
    audit: auditLog(sql, 'payout-reports'),
    checks: { database: () => sql`SELECT 1` },
  });
  const source = { databaseUrl, statementTimeoutMs: STATEMENT_TIMEOUT_MS, idleTimeoutMs: IDLE_TIMEOUT_MS };
  const answerStream = answerStreams(sql, source);
  await app.register(accepts);
  registerReports(app, sql, source, answerStream);
  registerPayments(app, sql, source, { answerStream, now });
  registerExplanations(app, sql, source);
  registerExcluded(app, sql);
  registerCreatorBalance(app, sql, source);
  const lab = new Lab(sql, source, logger, labLimits);
  await registerLab(app, lab, answerStream);
  // Before waiting for open requests, since some of them may wait for a job.
  app.addHook('preClose', () => lab.jobs.close());
  return {
    app,
    workers: [lab],
    close: async () => {
      await lab.close();
      await Promise.all([sql.end({ timeout: 5 }), keys.end({ timeout: 5 })]);
    },
  };
}
