import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCreatorsCsv } from '@rewardbook/contracts/files/creators-csv-writer';
import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect } from '@rewardbook/db/client';
import { compose } from '@rewardbook/payout-reports/compose';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { generateCreators } from '@rewardbook/simulate/generator/creators';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askLab } from '../support/ask-lab.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runHere } from '../support/test-run.ts';

// Whoever asks, on the command line or over HTTP, has the same bytes.

const SCENARIO = readFileSync(new URL('../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url), 'utf8')
  .replace(/^events:.*$/m, 'events: 1500')
  .replace(/^creators:.*$/m, 'creators: 40')
  .replace(/^viewers:.*$/m, 'viewers: 150');

const { key, hash } = createKey();
const headers = { authorization: `Bearer ${key}` };
const NOW = {
  ...{ program: 'demo', name: 'Demo', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' },
  risk: { maxLikesPerPair: 3, minViewerAgeHours: 2 },
};
const NEXT = { ...NOW, weights: { like: '1', follow: '7' }, allocation: { method: 'pro-rata', maxShare: '0.2' } };
const REVENUE = { '2026-09': '123456.78', '2026-10': '1000.00' };

let folder: string;
let database: TestDatabase;
let service: Composed;
let files: Record<'now' | 'next' | 'events' | 'creators' | 'scenario', string>;
let creators: object[];
let upload: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-same-answers-'));
  const inFolder = (name: string): string => join(folder, name);
  files = {
    now: inFolder('now.json'),
    next: inFolder('next.json'),
    events: inFolder('events.ndjson'),
    creators: inFolder('creators.csv'),
    scenario: inFolder('scenario.yaml'),
  };
  const read = readScenario(SCENARIO);
  const lines = [...generateEvents(read)].map(eventLine);
  const registered = [...generateCreators(read)].slice(0, 30);
  creators = registered.map(({ taxCountry: _tax, payee: _payee, account: _account, ...creator }) => creator);
  await Promise.all([
    writeFile(files.now, JSON.stringify(NOW)),
    writeFile(files.next, JSON.stringify(NEXT)),
    writeFile(files.events, [...lines, 'not an event', lines[0]].join('\n')),
    writeFile(files.creators, [...writeCreatorsCsv(registered)].join('')),
    writeFile(files.scenario, SCENARIO),
  ]);
  database = await createTestDatabase();
  const owner = connect(database.ownerUrl, { max: 1 });
  await storeApiKey(owner, { name: 'reader', keyHash: hash, scopes: ['read'] });
  await owner.end();
  service = await compose({
    databaseUrl: database.serviceUrls.reports,
    logger: createLogger({ name: 'test', level: 'error' }),
  });
  await service.app.ready();
  const sent = await service.app.inject({
    method: 'POST',
    url: '/v1/lab/events',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    payload: [...lines, 'not an event', lines[0]].join('\n'),
  });
  upload = sent.json().upload;
});
afterAll(async () => {
  await service?.app.close();
  await Promise.all(service?.workers.map((worker) => worker.close()) ?? []);
  await service?.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const overHttp = (question: object): Promise<string> => askLab(service, headers, question);

async function onTheCommandLine(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere([...args, '--json']);
  expect(code, stderr).toBe(0);
  return stdout;
}

const revenueArguments = ['--revenue', ...Object.entries(REVENUE).map(([period, amount]) => `${period}=${amount}`)];

/** What the asker says of events, creators and revenue, for both. */
const fromFile = () => ({
  args: ['--events', files.events, '--creators', files.creators, ...revenueArguments],
  asked: { events: { upload }, creators, revenue: REVENUE },
});
const fromScenario = () => ({
  args: ['--scenario', files.scenario, '--count', '900', '--seed', '4', ...revenueArguments],
  asked: { events: { scenario: SCENARIO, events: 900, seed: 4 }, revenue: REVENUE },
});

describe('the command line and the API give the same bytes', () => {
  it('simulate', async () => {
    const { args, asked } = fromFile();
    const expected = await onTheCommandLine('simulate', '--policy', files.now, ...args);
    expect(await overHttp({ question: 'simulate', policy: NOW, ...asked })).toBe(expected);
    expect(expected).toMatch(/^\{"program":"demo",.*\}\n$/);
  });

  it.each([
    ['of a file', fromFile],
    ['of a scenario', fromScenario],
  ])('compare, on events %s', async (_, from) => {
    const { args, asked } = from();
    const expected = await onTheCommandLine('compare', '--policy', files.now, files.next, ...args);
    expect(await overHttp({ question: 'compare', a: NOW, b: NEXT, ...asked })).toBe(expected);
  });

  const grid = {
    args: ['--set', 'weights.follow=1..3:1', '--set', 'allocation.method=pro-rata,equal'],
    set: [
      { path: 'weights.follow', values: ['1', '2', '3'] },
      { path: 'allocation.method', values: ['pro-rata', 'equal'] },
    ],
  };
  it('sweep', async () => {
    const { args, asked } = fromFile();
    const expected = await onTheCommandLine('sweep', '--policy', files.now, ...grid.args, ...args);
    expect(await overHttp({ question: 'sweep', policy: NOW, set: grid.set, ...asked })).toBe(expected);
  });

  it('sweep over seeds', async () => {
    const { args, asked } = fromScenario();
    const expected = await onTheCommandLine('sweep', '--policy', files.now, ...grid.args, '--seeds', '2', ...args);
    expect(await overHttp({ question: 'sweep', policy: NOW, set: grid.set, seeds: 2, ...asked })).toBe(expected);
  });

  it.each([
    ['bought-followers', [], {}],
    ['like-ring', ['--accounts', '9'], { accounts: 9 }],
    ['fake-viewers', ['--hours', '100', '--rule', 'maxLikesPerPair=1'], { hours: 100, rules: ['maxLikesPerPair=1'] }],
    ['split', ['--accounts', '3', '--creator', 'c0000003'], { accounts: 3, creatorIds: ['c0000003'] }],
    [
      'toggling',
      ['--size', '40', '--cost', '0.0200000000', '--account-cost', '1'],
      { size: 40, cost: '0.0200000000', accountCost: '1' },
    ],
  ])('attack by %s, under policies that the asker names', async (kind, more, options) => {
    const { args, asked } = fromFile();
    const policies = { policies: [NOW, NEXT], names: [files.now, files.next] };
    const expected = await onTheCommandLine(
      ...['attack', '--kind', kind, '--policy', files.now, files.next],
      ...more,
      ...args,
    );
    expect(await overHttp({ question: 'attack', kind, ...policies, ...options, ...asked })).toBe(expected);
  });

  it('screen', async () => {
    const { args, asked } = fromScenario();
    const { revenue: _revenue, ...events } = asked;
    const expected = await onTheCommandLine(
      ...['screen', '--policy', files.now, '--min-follows', '1', '--top', '7'],
      ...args.slice(0, args.indexOf('--revenue')),
    );
    expect(await overHttp({ question: 'screen', policy: NOW, minFollows: 1, top: 7, ...events })).toBe(expected);
    expect(JSON.parse(expected).creators).toHaveLength(7);
  });

  it('attack --search is the question search, with policies and without', async () => {
    const methods = await onTheCommandLine('attack', '--search', '--trials', '5', '--seed', '3');
    expect(await overHttp({ question: 'search', trials: 5, seed: 3 })).toBe(methods);
    const given = await onTheCommandLine('attack', '--search', '--trials', '5', '--policy', files.next);
    expect(await overHttp({ question: 'search', trials: 5, policies: [NEXT], names: [files.next] })).toBe(given);
  });
});

it('a policy that the asker gives no name is called by its place', async () => {
  const { found } = JSON.parse(await overHttp({ question: 'search', trials: 1, policies: [NOW, NEXT] }));
  expect(found.map(({ policy }: { policy: string }) => policy)).toEqual([
    ...['policy 1', 'policy 1'],
    ...['policy 2', 'policy 2'],
  ]);
});
