import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { startEmbeddedPostgres } from '@rewardbook/local/embedded-postgres';
import { findFreePort } from '@rewardbook/local/free-port';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { z } from 'zod';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { testPolicy } from '../support/test-policy.ts';
import { applyTestPolicy } from '../support/test-program.ts';
import { PERIOD, PROGRAM, prepareBooks, serviceUrl, withDatabase } from './close-books.ts';

/**
 * A durable Postgres of its own with one program whose month can be closed and paid, and services in their own
 * processes.
 */
export interface PayingSystem {
  /** superuser, on the program's database */
  readonly sql: Sql;
  readonly ownerUrl: string;
  readonly ledger: ServiceProcess;
  readonly reports: ServiceProcess;
  readonly reportsUrl: string;
  readonly ledgerUrl: string;
  readonly authorization: string;
  /** Asks the ledger about the program; as the approver for approvals. */
  ask(method: 'GET' | 'POST', path: string, body?: object, approving?: boolean): Promise<Record<string, unknown>>;
  /** Closes the month; gives the seconds of each phase, and of all from request to closed. */
  close(): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

const DATABASE = 'paying';
const POLL_MS = 25;
const answerSchema = z.record(z.string(), z.unknown());

/** Payees and tax countries for all creators; about ten in twelve of them earn something. */
export async function startPayingSystem(creators: number, events: number): Promise<PayingSystem> {
  const server = await startEmbeddedPostgres();
  const [operator, approver] = [createKey(), createKey()];
  await prepareBooks(server.url, DATABASE, operator.key, { events, creators, method: 'pro-rata', runs: 1 });
  const ownerUrl = withDatabase(server.url, DATABASE);
  const sql = connect(ownerUrl, { max: 1, statementTimeoutMs: 3_600_000 });
  await storeApiKey(sql, { name: 'approver', keyHash: approver.hash, scopes: ['approve'] });
  const payout = { minimum: '0', roundTo: '0.01', holdback: { share: '0', periods: 1 }, withholding: { ID: '0.025' } };
  const policy = testPolicy({ program: PROGRAM, name: 'Bench', timeZone: 'UTC', revenueShare: '1', payout });
  await applyTestPolicy(sql, policy);
  await sql`
    UPDATE creator SET tax_country = CASE WHEN right(creator_id, 1) < '5' THEN 'ID' ELSE 'BR' END,
                       payee = 'Payee of ' || creator_id, account = 'ID' || creator_id`;
  await sql.unsafe('VACUUM ANALYZE creator');

  const environment = { DATABASE_URL: serviceUrl(ownerUrl) };
  const [ledgerPort, reportsPort] = [await findFreePort(), await findFreePort()];
  const ledger = await startServiceProcess('ledger', ledgerPort, environment);
  const reports = await startServiceProcess('payout-reports', reportsPort, environment);
  const ask: PayingSystem['ask'] = async (method, path, body, approving = false) => {
    const response = await fetch(`http://127.0.0.1:${ledgerPort}/v1/programs/${PROGRAM}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${(approving ? approver : operator).key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(await response.text());
    }
    return answerSchema.parse(await response.json());
  };
  return {
    sql,
    ownerUrl,
    ledger,
    reports,
    reportsUrl: `http://127.0.0.1:${reportsPort}/v1/programs/${PROGRAM}/reports`,
    ledgerUrl: `http://127.0.0.1:${ledgerPort}`,
    authorization: `Bearer ${operator.key}`,
    ask,
    close: () => closeMonth(ask, `http://127.0.0.1:${ledgerPort}/metrics`),
    async stop() {
      await ledger.stop();
      await reports.stop();
      await sql.end();
      await server.stop();
    },
  };
}

async function closeMonth(ask: PayingSystem['ask'], metricsUrl: string): Promise<Record<string, number>> {
  await ask('POST', 'revenue', { period: PERIOD, amount: '1000000000.00', reference: 'bench' });
  const startedAtMs = performance.now();
  await ask('POST', `periods/${PERIOD}/close`);
  for (;;) {
    const { status, failure } = await ask('GET', `periods/${PERIOD}`);
    if (status === 'closed') {
      break;
    }
    if (failure !== null) {
      throw new Error(String(failure));
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const all = (performance.now() - startedAtMs) / 1000;
  const metrics = await (await fetch(metricsUrl)).text();
  const phases = metrics.matchAll(/^ledger_close_phase_duration_seconds_sum\{phase="(\w+)"\} ([\d.e-]+)$/gm);
  return { ...Object.fromEntries([...phases].map(([, phase = '', seconds]) => [phase, Number(seconds)])), all };
}
