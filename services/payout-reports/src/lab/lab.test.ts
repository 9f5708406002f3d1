import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { LabJob } from '@rewardbook/contracts/api/lab';
import { connect } from '@rewardbook/db/client';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { compose } from '../compose.ts';
import { openTestBooks, type TestBooks } from '../service/test-books.ts';
import type { LabLimits } from './limits.ts';

const POLICY = { program: 'demo', name: 'Demo', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' };
const REVENUE = { '2026-10': '1000.00' };
const line = (id: string, viewerId: string, creatorId: string, day = '02') =>
  JSON.stringify({ id, type: 'like', viewerId, creatorId, contentId: 'k', occurredAt: `2026-10-${day}T12:00:00Z` });
const EVENTS = [
  line('1', 'v1', 'ann'),
  line('2', 'v2', 'ann'),
  line('3', 'v1', 'bob'),
  'no event',
  line('3', 'v1', 'bob'),
];
const SCENARIO = readFileSync(new URL('../../../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url), 'utf8');
/** Nine levels of nine aliases: 3 GB where they are written out. */
const BOMB = Array.from({ length: 9 }, (_, level) => {
  const items = level === 0 ? Array(9).fill('lol') : Array(9).fill(`*a${level - 1}`);
  return `a${level}: &a${level} [${items.join(', ')}]`;
}).join('\n');
const LONG = { scenario: SCENARIO, events: 400_000 };

let database: TestDatabase;
let books: TestBooks;
let service: Composed;
let headers: { authorization: string };
beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'demo');
  headers = await books.key(['read']);
  service = await opened();
});
afterAll(async () => {
  await closed(service);
  await books?.end();
  await database?.drop();
});

async function opened(more: Partial<LabLimits> = {}): Promise<Composed> {
  const made = await compose({
    databaseUrl: database.serviceUrls.reports,
    logger: createLogger({ name: 'test', level: 'silent' }),
    labLimits: { uploadBytes: 150_000, uploadsBytes: 200_000, events: 500_000, waiting: 1, gridSize: 10, ...more },
  });
  await made.app.ready();
  return made;
}

async function closed({ app, workers, close }: Composed): Promise<void> {
  await app.close();
  await Promise.all(workers.map((worker) => worker.close()));
  await close();
}

async function upload(lines: readonly string[], { app } = service): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/lab/events',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    payload: lines.join('\n'),
  });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().upload;
}

function ask(question: object, wait = 20, { app } = service) {
  return app.inject({ method: 'POST', url: `/v1/lab/questions?wait=${wait}`, headers, payload: question });
}

function get(path: string) {
  return service.app.inject({ url: `/v1/lab/${path}`, headers });
}

async function answerTo(question: object): Promise<{ job: LabJob; answer: unknown }> {
  const asked = await ask(question);
  expect(asked.statusCode, asked.body).toBe(200);
  const job: LabJob = asked.json();
  expect(job).toMatchObject({ state: 'done', failure: null });
  const answer = await get(`jobs/${job.job}/answer`);
  expect(answer.headers['content-type']).toContain('application/json');
  expect(Buffer.byteLength(answer.body)).toBe(job.answerBytes);
  return { job, answer: answer.json() };
}

it.each([
  ['{"question":"search","question":"sweep","policies":[]}', 'duplicate-key'],
  ['{"question":"search","policies":[{"__proto__":{"kind":"clawback"}}]}', 'bad-json'],
  ['{"question":', 'bad-json'],
])('a body %s is refused as %s', async (payload, code) => {
  const type = { ...headers, 'content-type': 'application/json' };
  const answer = await service.app.inject({ method: 'POST', url: '/v1/lab/questions', headers: type, payload });
  expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
});

describe('a sweep', () => {
  it.each(['__proto__.kind', '__proto__.polluted', 'constructor.prototype.kind', 'boosts.__proto__.kind'])(
    'has no path %s, and changes nothing of the process by it',
    async (path) => {
      const events = { upload: await upload(EVENTS) };
      const set = [{ path, values: ['clawback'] }];
      const refused = await ask({ question: 'sweep', events, policy: POLICY, revenue: REVENUE, set });
      expect([refused.statusCode, refused.json().code]).toEqual([400, 'bad-policy']);
      expect(Reflect.get({}, 'kind')).toBeUndefined();
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      expect(Reflect.get([], 'kind')).toBeUndefined();
    },
  );
});

describe('questions about events', () => {
  it('are the same job for the same content, however it is written, and another for another', async () => {
    const events = { upload: await upload(EVENTS) };
    const question = { question: 'simulate', events, policy: POLICY, revenue: REVENUE };
    const { job, answer } = await answerTo(question);
    expect(answer).toMatchObject({
      program: 'demo',
      periods: [
        {
          period: '2026-10',
          creators: [
            { creatorId: 'ann', netLikes: 2 },
            { creatorId: 'bob', netLikes: 1 },
          ],
        },
      ],
    });
    const again = await ask(
      { ...question, policy: { ...POLICY, revenueShare: '0.050' }, revenue: { '2026-10': '1000' } },
      0,
    );
    expect(again.json()).toEqual(job);
    const other = await ask({ ...question, policy: { ...POLICY, revenueShare: '0.06' } });
    expect(other.json().job).not.toBe(job.job);
  });

  it('take gzip, and recognize the same events', async () => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/lab/events',
      headers: { ...headers, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      payload: gzipSync(EVENTS.join('\n')),
    });
    expect(answer.json()).toEqual({ upload: await upload(EVENTS), bytes: EVENTS.join('\n').length });
  });

  it('of a recorded period are answered again once more is recorded', async () => {
    const owner = connect(database.ownerUrl, { max: 1 });
    const record = async (id: string, creatorId: string, occurredAt: number) => {
      const [batch] = await owner<{ id: string }[]>`
        INSERT INTO ingest_batch (program_id, accepted, occurred_min, occurred_max, sealed_at)
        VALUES (${books.programId}, 1, ${occurredAt}, ${occurredAt}, now()) RETURNING batch_id::text AS id`;
      await owner`INSERT INTO event (program_id, id, source, viewer_id, creator_id, content_id, active, occurred_at, batch_id)
                  VALUES (${books.programId}, ${id}, 'app', ${`viewer of ${id}`}, ${creatorId}, '', true, ${occurredAt}, ${batch?.id ?? ''}::bigint)`;
    };
    await record('1', 'ann', Date.UTC(2026, 9, 5));
    await record('2', 'bob', Date.UTC(2026, 10, 5));
    const events = { program: 'demo', period: '2026-10' };
    const question = { question: 'simulate', events, policy: POLICY, revenue: REVENUE };
    const first = await answerTo(question);
    expect(first.answer).toMatchObject({
      periods: [{ creators: [{ creatorId: 'ann', netFollows: 1, amount: '50.00' }] }],
    });
    await record('3', 'cy', Date.UTC(2026, 9, 6));
    const second = await answerTo(question);
    expect(second.job.job).not.toBe(first.job.job);
    expect(second.answer).toMatchObject({ periods: [{ creators: [{ amount: '25.00' }, { amount: '25.00' }] }] });
    await owner.end();
  });

  it('compare, sweep, attack and screen as the commands of these names do', async () => {
    const events = { scenario: SCENARIO, events: 2_000, creators: 30, viewers: 200 };
    const revenue = { '2026-09': '1000.00', '2026-10': '1000.00' };
    const capped = { ...POLICY, allocation: { method: 'pro-rata', maxShare: '0.1' } };
    const compared = await answerTo({ question: 'compare', events, a: POLICY, b: capped, revenue });
    expect(compared.answer).toMatchObject({ winners: expect.any(Number), moneyMoved: expect.any(String) });
    const set = [{ path: 'weights.follow', values: ['1', '3'] }];
    const swept = await answerTo({ question: 'sweep', events, policy: POLICY, revenue, set });
    expect(swept.answer).toMatchObject({ points: [{ moneyMoved: '0.00' }, { settings: { 'weights.follow': '3' } }] });
    expect(swept.job.progress).toEqual({ phase: 'points', done: 2, total: 2 });
    const estimated = await answerTo({ question: 'sweep', events, policy: POLICY, revenue, set, seeds: 2 });
    expect(estimated.answer).toMatchObject({
      interval: 't95',
      points: [{ estimates: { gini: expect.any(Object) } }, {}],
    });
    const searched = await answerTo({ question: 'search', policies: [POLICY], trials: 5 });
    expect(searched.answer).toMatchObject({ found: [{ manipulation: 'split', gained: 0 }, { trials: 5 }] });
    const attacked = await answerTo({
      ...{ question: 'attack', events, policies: [POLICY], revenue, kind: 'bought-followers' },
      ...{ creatorIds: ['creator-0001'], size: 100, accounts: 100, cost: '0.01' },
    });
    expect(attacked.answer).toMatchObject({
      kind: 'bought-followers',
      results: [{ fakeEvents: 100, cost: '1' }],
    });
    const screened = await answerTo({ question: 'screen', events, policy: POLICY, minFollows: 1, top: 3 });
    expect(screened.answer).toMatchObject({ program: 'demo', creators: expect.any(Array) });
  });

  it('of uploads give what the same events of the generator give', async () => {
    const size = { events: 400, creators: 10, viewers: 50 };
    const lines = [...generateEvents(readScenario(SCENARIO), size)].map(eventLine);
    const question = { question: 'simulate', policy: POLICY, revenue: { '2026-09': '10.00', '2026-10': '10.00' } };
    const made = await answerTo({ ...question, events: { scenario: SCENARIO, ...size } });
    const sent = await answerTo({ ...question, events: { upload: await upload(lines) } });
    expect(sent.answer).toEqual(made.answer);
  });
});

describe('jobs', () => {
  const long = (seed: number) => ({
    ...{ question: 'simulate', policy: POLICY, revenue: REVENUE },
    events: { ...LONG, seed },
  });

  it('go on while reports are answered, can be followed and cancelled, and are limited in number', async () => {
    const first: LabJob = (await ask(long(1), 0)).json();
    expect(first.state).toBe('running');
    const second = await ask(long(2), 0);
    expect([second.statusCode, second.json().state]).toEqual([202, 'waiting']);
    const third = await ask(long(3), 0);
    expect([third.statusCode, third.json().code]).toEqual([503, 'overloaded']);
    expect(third.headers['retry-after']).toBeDefined();
    const report = await service.app.inject({ url: '/v1/programs/demo/reports/summary', headers });
    expect(report.statusCode).toBe(200);
    expect((await get(`jobs/${first.job}/answer`)).json()).toMatchObject({ status: 409, code: 'job-not-done' });
    expect((await get('jobs')).json().items.map((job: LabJob) => job.state)).toContain('running');

    const cancel = (job: string) => service.app.inject({ method: 'DELETE', url: `/v1/lab/jobs/${job}`, headers });
    expect((await cancel(first.job)).json().state).toBe('cancelled');
    expect((await get(`jobs/${second.json().job}`)).json().state).toBe('running');
    expect((await cancel(second.json().job)).json().state).toBe('cancelled');
    expect((await ask(long(1), 0)).json().state).toBe('running'); // anew
    await cancel(first.job);
  });

  it('end with the service, and its uploads with them', async () => {
    const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('rewardbook-lab-'));
    const before = await folders();
    const other = await opened();
    await upload(EVENTS, other);
    expect((await folders()).length).toBeGreaterThan(before.length);
    const waiting = ask(long(4), 20, other);
    await expect
      .poll(async () => (await other.app.inject({ url: '/v1/lab/jobs', headers })).json().items.length, {
        timeout: 20_000,
      })
      .toBe(1);
    await closed(other);
    expect((await waiting).json().state).toBe('cancelled');
    expect(await folders()).toEqual(before);
  });

  it.each<[string, Partial<LabLimits>, string]>([
    ['takes too long', { jobMs: 50 }, 'took-too-long'],
    ['takes too much memory', { heapMegabytes: 6 }, 'out-of-memory'],
    ['has too many events', { events: 1_000 }, 'too-many-events'],
    ['has too long an answer', { answerBytes: 100 }, 'answer-too-large'],
  ])('end where one %s, and others go on', async (_, limits, code) => {
    const other = await opened(limits);
    const events = {
      upload: await upload(
        Array.from({ length: 1_001 }, (_, id) => line(`${id}`, 'v', 'c')),
        other,
      ),
    };
    const answer = await ask({ question: 'simulate', events, policy: POLICY, revenue: REVENUE }, 20, other);
    expect(answer.json()).toMatchObject({ state: 'failed', failure: { code } });
    expect((await other.app.inject({ url: '/healthz' })).statusCode).toBe(200);
    await closed(other);
  });

  it('that cannot be answered say why', async () => {
    const events = { upload: await upload(['no', 'events']) };
    const answer = await ask({ question: 'simulate', events, policy: POLICY, revenue: REVENUE });
    expect(answer.json()).toMatchObject({ state: 'failed', failure: { code: 'no-events' } });
  });
});

describe('a job', () => {
  const question = (events: object) => ({ question: 'simulate', events, policy: POLICY, revenue: REVENUE });
  const app = () => service.app;

  it('belongs to the key that asked: no other key lists, reads or cancels it, or asks about its upload', async () => {
    const other = await books.key(['read']);
    const events = { upload: await upload(EVENTS) };
    const { job } = await answerTo(question(events));
    const as = (method: 'GET' | 'DELETE', path: string) =>
      app().inject({ method, url: `/v1/lab/jobs${path}`, headers: other });
    expect((await as('GET', '')).json()).toEqual({ items: [] });
    for (const [method, path] of [
      ['GET', `/${job.job}`],
      ['GET', `/${job.job}/answer`],
      ['DELETE', `/${job.job}`],
    ] as const) {
      expect((await as(method, path)).json()).toMatchObject({ status: 404, code: 'job-unknown' });
    }
    const theirs = await app().inject({
      method: 'POST',
      url: '/v1/lab/questions',
      headers: other,
      payload: question(events),
    });
    expect(theirs.json()).toMatchObject({ status: 404, code: 'upload-unknown' });
    expect((await get(`jobs/${job.job}`)).json()).toEqual(job);
  });

  it('of one key leaves room for those of another', async () => {
    const quick = await opened({ waiting: 16, waitingPerKey: 1 });
    const long = (seed: number) => question({ ...LONG, seed });
    const states = [];
    for (const seed of [11, 12, 13]) {
      states.push((await ask(long(seed), 0, quick)).json());
    }
    expect(states).toMatchObject([{ state: 'running' }, { state: 'waiting' }, { code: 'too-many-requests' }]);
    const other = await quick.app.inject({
      method: 'POST',
      url: '/v1/lab/questions',
      headers: await books.key(['read']),
      payload: long(13),
    });
    expect(other.json()).toMatchObject({ state: 'waiting' });
    await closed(quick);
  });
});

describe('a question that is hard to read holds up no other', () => {
  const policies = (names: number) => ({
    ...POLICY,
    risk: { blockedViewers: Array.from({ length: names }, (_, i) => `viewer-number-${i}`) },
  });
  const events = { scenario: SCENARIO, events: 100 };
  const values = Array.from({ length: 1_000 }, (_, i) => `${i}`);
  it.each([
    [
      'a grid of large policies',
      {
        question: 'sweep',
        events,
        revenue: REVENUE,
        policy: policies(50_000),
        set: [{ path: 'weights.follow', values }],
      },
      {},
      413,
    ],
    [
      'faults without end',
      { question: 'simulate', events, policy: POLICY, revenue: REVENUE, creators: Array(4_000_000).fill(0) },
      {},
      413,
    ],
    [
      'many faults',
      { question: 'simulate', events, policy: POLICY, revenue: REVENUE, creators: Array(200_000).fill(0) },
      {},
      400,
    ],
    ['too little time', { question: 'search', policies: [policies(50_000)] }, { checkMs: 1 }, 413],
    ['too little memory', { question: 'search', policies: [policies(50_000)] }, { checkHeapMegabytes: 6 }, 413],
  ])('%s', async (_what, question, limits, status) => {
    const other = await opened({ gridSize: 1_000, ...limits });
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    const payload = JSON.stringify(question);
    last = performance.now();
    const answer = await other.app.inject({
      method: 'POST',
      url: '/v1/lab/questions',
      headers: { ...headers, 'content-type': 'application/json' },
      payload,
    });
    clearInterval(beat);
    expect(answer.statusCode, answer.body.slice(0, 500)).toBe(status);
    expect(answer.body.length).toBeLessThan(100_000);
    expect(longest).toBeLessThan(2_000);
    await closed(other);
  });
});

describe('what is refused', () => {
  const events = { scenario: SCENARIO, events: 100 };
  const good = { question: 'simulate', events, policy: POLICY, revenue: REVENUE };
  const unknown = '0'.repeat(64);
  it.each([
    ['another question', { ...good, question: 'guess' }, 400, 'invalid-request'],
    ['unknown keys', { ...good, more: 1 }, 400, 'invalid-request'],
    ['a wrong policy', { ...good, policy: { ...POLICY, revenueShare: 0.05 } }, 400, 'bad-policy'],
    [
      'policies that cannot be compared',
      { question: 'compare', events, revenue: REVENUE, a: POLICY, b: { ...POLICY, currency: 'JPY' } },
      400,
      'bad-policy',
    ],
    ['a period of another kind', { ...good, revenue: { '2026-W40': '1.00' } }, 400, 'bad-period'],
    ['too many decimals', { ...good, revenue: { '2026-10': '1.001' } }, 400, 'bad-amount'],
    ['no revenue', { ...good, revenue: {} }, 400, 'invalid-request'],
    ['too many periods', { ...good, revenue: { '0001-01': '1.00', '2026-10': '1.00' } }, 413, 'too-large'],
    ['a scenario that is not valid', { ...good, events: { scenario: 'seed: x' } }, 400, 'invalid-request'],
    [
      'a scenario of 10,000 years',
      {
        ...good,
        events: {
          scenario: SCENARIO.replace(/^firstPeriod:.*$/m, 'firstPeriod: "0001-01"').replace(
            /^lastPeriod:.*$/m,
            'lastPeriod: "9999-12"',
          ),
        },
      },
      400,
      'invalid-request',
    ],
    ['a scenario of aliases', { ...good, events: { scenario: BOMB } }, 400, 'invalid-request'],
    ['a scenario of brackets', { ...good, events: { scenario: '['.repeat(60_000) } }, 400, 'invalid-request'],
    ['a scenario of dashes', { ...good, events: { scenario: '- '.repeat(30_000) } }, 400, 'invalid-request'],
    ['a scenario that is too large', { ...good, events: { scenario: SCENARIO, events: 600_000 } }, 413, 'too-large'],
    [
      'a grid that is too large',
      { ...good, question: 'sweep', set: [{ path: 'weights.follow', values: Array(11).fill('1') }] },
      413,
      'too-large',
    ],
    ['events that are not here', { ...good, events: { upload: unknown } }, 404, 'upload-unknown'],
    ['a program that is not here', { ...good, events: { program: 'nobodys' } }, 404, 'program-unknown'],
  ])('%s', async (_, question, status, code) => {
    const answer = await ask(question, 0);
    expect([answer.statusCode, answer.json().code], answer.body).toEqual([status, code]);
  });

  it.each([
    ['an upload that is too large', { 'content-type': 'application/x-ndjson' }, 'x'.repeat(150_001), 413, 'too-large'],
    [
      'gzip that is cut off',
      { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      gzipSync(EVENTS.join()).subarray(0, 30),
      400,
      'bad-compression',
    ],
    ['another media type', { 'content-type': 'text/plain' }, 'x', 415, 'unsupported-media-type'],
  ])('%s', async (_, more, payload, status, code) => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/lab/events',
      headers: { ...headers, ...more },
      payload,
    });
    expect([answer.statusCode, answer.json().code], answer.body).toEqual([status, code]);
  });

  it('a key without the scope read, and a job that does not exist', async () => {
    const other = await books.key(['operate']);
    const forbidden = await service.app.inject({
      method: 'POST',
      url: '/v1/lab/questions',
      headers: other,
      payload: good,
    });
    expect(forbidden.json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await get(`jobs/${unknown}`)).json()).toMatchObject({ status: 404, code: 'job-unknown' });
    expect((await get(`jobs/${unknown}/answer`)).json()).toMatchObject({ status: 404, code: 'job-unknown' });
  });

  it('uploads make room for newer ones', async () => {
    const first = await upload([`${'a'.repeat(140_000)}`]);
    await upload([`${'b'.repeat(140_000)}`]);
    expect((await ask({ ...good, events: { upload: first } }, 0)).json().code).toBe('upload-unknown');
  });
});
