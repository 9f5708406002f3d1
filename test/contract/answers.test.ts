import { rm } from 'node:fs/promises';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runHere } from '../support/test-run.ts';
import { makeDataFolder } from '../support/up.ts';
import { type Api, answerFaults, apiSchema } from './check-answer.ts';

// Every route answers as the description of its API says: with a status and a Content-Type that it names, and contents that fit.

const SERVICES = ['events', 'ledger', 'reports'] as const;
type Service = (typeof SERVICES)[number];

const POLICY = 'program: walked\nname: Walked\ncurrency: IDR\ntimeZone: UTC\nperiod: month\nrevenueShare: "1"\n';
const EVENT = { id: 'e1', type: 'follow', viewerId: 'v1', creatorId: 'c1', occurredAt: '2024-05-10T12:00:00Z' };
const PARTS: Readonly<Record<string, string>> = {
  program: 'walked',
  period: '2024-05',
  creator: 'c1',
  account: 'creator:c1:payable',
  entryKey: 'close:2024-05',
  run: '2024-05-1',
  keyId: '999999',
  job: '0'.repeat(64),
};
/** Queries that routes need for a good answer. */
const QUERIES: Readonly<Record<string, string>> = {
  'reports/statement': 'creator=c1',
  'reports/payout-run': 'run=2024-05-1',
  'reports/payments': 'run=2024-05-1',
  'reports/payments/manifest': 'run=2024-05-1',
};

let database: TestDatabase;
let dataDir: string;
let system: LocalSystem;
const apis = new Map<Service, Api>();

async function done(args: readonly string[], stdin?: string): Promise<void> {
  const run = await runHere([...args, '--data', dataDir], stdin);
  expect(run.code, `${args.join(' ')}: ${run.stderr}`).toBe(0);
}

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await makeDataFolder();
  system = await startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
  const ofMay = ['--program', 'walked', '--period', '2024-05'];
  await done(['program', 'apply', '-'], POLICY);
  await done(['creators', 'import', '-', '--program', 'walked'], 'creatorId,payee\nc1,Siti\n');
  await done(['replay', '-', '--program', 'walked'], JSON.stringify(EVENT));
  await done(['revenue', ...ofMay, '--amount', '100.00', '--reference', 'r1']);
  await done(['close', ...ofMay]);
  await done(['payout-run', 'draft', '--program', 'walked']);
  for (const service of SERVICES) {
    const answer = await fetch(`${system.urls[service]}/openapi.json`);
    apis.set(service, apiSchema.parse(await answer.json()));
  }
}, 120_000);
afterAll(async () => {
  await system.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Asked {
  readonly method?: string;
  readonly query?: string;
  /** Of the period, instead of the one that is closed. */
  readonly period?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @returns the status, and what is wrong with the answer */
async function ask(service: Service, path: string, { method = 'GET', query, period, headers, body }: Asked = {}) {
  const parts = period === undefined ? PARTS : { ...PARTS, period };
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? '1'));
  const answer = await fetch(`${system.urls[service]}${address}${query === undefined ? '' : `?${query}`}`, {
    method,
    headers: { authorization: `Bearer ${system.keys.admin}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const { status } = answer;
  const contentType = answer.headers.get('content-type') ?? '';
  const api = apis.get(service);
  if (api === undefined) {
    throw new Error(`${service} has no description`);
  }
  const text = contentType.startsWith('text/event-stream') ? await firstEvent(answer) : await answer.text();
  return { status, faults: answerFaults(api, method, path, { status, contentType, body: text }) };
}

/** A stream of events has no end: the first of them says what they look like. */
async function firstEvent(answer: Response): Promise<string> {
  let text = '';
  for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    if (text.includes('\ndata: ')) {
      return text;
    }
  }
  throw new Error(`the stream ended before its first event, after: ${text}`);
}

function routesOf(service: Service): { path: string; method: string }[] {
  const paths = Object.entries(apis.get(service)?.paths ?? {});
  return paths.flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
  );
}

describe('every route', () => {
  it.each(SERVICES)(
    'of %s answers good requests, and those without a key, a program or a body that fits',
    async (service) => {
      const faults: string[] = [];
      const statuses = new Set<number>();
      for (const { path, method } of routesOf(service)) {
        const query = Object.entries(QUERIES).find(([name]) => path.endsWith(name))?.[1];
        const changes = method !== 'GET';
        const json = { headers: { 'content-type': 'application/json' }, body: '{}' };
        const requests: Asked[] = [
          { method, headers: { authorization: 'Bearer none' } },
          { method, query: 'limit=none&cursor=none' },
          ...(changes
            ? [
                { method, ...json, query: 'dryRun=true' },
                { method, ...json, body: '{"a":1,"a":2}' },
              ]
            : [{ method, ...(query === undefined ? {} : { query }) }]),
          ...(changes && method !== 'DELETE'
            ? [{ method, headers: { 'content-type': 'text/xml' }, body: '<a/>' }]
            : []),
        ];
        for (const request of requests) {
          const answer = await ask(service, path, request);
          statuses.add(answer.status);
          faults.push(...answer.faults);
        }
      }
      expect(faults).toEqual([]);
      expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401]));
    },
    120_000,
  );

  it('of reports in each format', async () => {
    const faults: string[] = [];
    for (const { path } of routesOf('reports').filter(({ path }) => path.includes('/reports/'))) {
      const query = Object.entries(QUERIES).find(([name]) => path.endsWith(name))?.[1];
      for (const format of ['json', 'csv', 'xlsx', 'pdf', 'hledger', 'pain001']) {
        const answer = await ask('reports', path, {
          query: `${query === undefined ? '' : `${query}&`}format=${format}`,
        });
        faults.push(...answer.faults);
      }
    }
    expect(faults).toEqual([]);
  }, 60_000);

  it('that records, changes or asks something, and does', async () => {
    const json = { 'content-type': 'application/json' };
    const post = (service: Service, path: string, body: unknown, headers: Record<string, string> = json) =>
      ask(service, path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
    const events = '/v1/programs/{program}/events';
    const policy = { program: 'lab', name: 'Lab', currency: 'IDR', timeZone: 'UTC', period: 'month' };
    const question = { question: 'simulate', policy, revenue: { '2024-05': '1.00' }, events: { program: 'walked' } };
    const answers = [
      await post('events', events, EVENT),
      await post('events', events, [EVENT, {}]),
      await post('events', events, '{}\n{}', { 'content-type': 'application/x-ndjson' }),
      await post('events', events, {}),
      await post('events', events, { ...EVENT, creatorId: 'c2' }),
      await post('ledger', '/v1/programs/{program}/revenue', { period: '2024-06', amount: '1.00', reference: 'r2' }),
      await post('ledger', '/v1/programs/{program}/holds', {
        creatorId: 'c1',
        action: 'place',
        reason: 'dispute',
        note: 'looks odd',
      }),
      await post('ledger', '/v1/programs/{program}/creators', 'creatorId\nc2\n', { 'content-type': 'text/csv' }),
      await post('ledger', '/v1/programs/{program}/creators', [{ creatorId: 'c3' }]),
      await ask('ledger', '/v1/programs/{program}/periods/{period}/close', {
        method: 'POST',
        query: 'dryRun=true',
        period: '2024-06',
      }),
      await post('ledger', '/v1/keys', { name: 'walker', scopes: ['read'] }),
      await post('reports', '/v1/lab/questions', question),
      await post('reports', '/v1/lab/events', JSON.stringify(EVENT), { 'content-type': 'application/x-ndjson' }),
    ];
    expect(answers.flatMap(({ faults }) => faults)).toEqual([]);
    expect(answers.map(({ status }) => Math.floor(status / 100))).toEqual([2, 2, 2, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2]);
  });
});
