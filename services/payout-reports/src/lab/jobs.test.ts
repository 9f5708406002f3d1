import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { LabJob } from '@rewardbook/contracts/api/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabLimits } from './limits.ts';
import { closeService, EVENTS, LONG, like, POLICY, REVENUE, TestLab } from './test-lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await TestLab.open();
});
afterAll(() => lab?.close());

describe('jobs', () => {
  const long = (seed: number) => ({
    ...{ question: 'simulate', policy: POLICY, revenue: REVENUE },
    events: { ...LONG, seed },
  });

  it('go on while reports are answered, can be followed and cancelled, and are limited in number', async () => {
    const first: LabJob = (await lab.ask(long(1), 0)).json();
    expect(first.state).toBe('running');
    const second = await lab.ask(long(2), 0);
    expect([second.statusCode, second.json().state]).toEqual([202, 'waiting']);
    const third = await lab.ask(long(3), 0);
    expect([third.statusCode, third.json().code]).toEqual([503, 'overloaded']);
    expect(third.headers['retry-after']).toBeDefined();
    const report = await lab.service.app.inject({ url: '/v1/programs/demo/reports/summary', headers: lab.headers });
    expect(report.statusCode).toBe(200);
    expect((await lab.get(`jobs/${first.job}/answer`)).json()).toMatchObject({ status: 409, code: 'job-not-done' });
    expect((await lab.get('jobs')).json().items.map((job: LabJob) => job.state)).toContain('running');

    const cancel = (job: string) =>
      lab.service.app.inject({ method: 'DELETE', url: `/v1/lab/jobs/${job}`, headers: lab.headers });
    expect((await cancel(first.job)).json().state).toBe('cancelled');
    expect((await lab.get(`jobs/${second.json().job}`)).json().state).toBe('running');
    expect((await cancel(second.json().job)).json().state).toBe('cancelled');
    expect((await lab.ask(long(1), 0)).json().state).toBe('running'); // anew
    await cancel(first.job);
  });

  it('end with the service, and its uploads with them', async () => {
    const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('rewardbook-lab-'));
    const before = await folders();
    const other = await lab.another();
    await lab.upload(EVENTS, other);
    expect((await folders()).length).toBeGreaterThan(before.length);
    const waiting = lab.ask(long(4), 20, other);
    await expect
      .poll(async () => (await other.app.inject({ url: '/v1/lab/jobs', headers: lab.headers })).json().items.length, {
        timeout: 20_000,
      })
      .toBe(1);
    await closeService(other);
    expect((await waiting).json().state).toBe('cancelled');
    expect(await folders()).toEqual(before);
  });

  it.each<[string, Partial<LabLimits>, string]>([
    ['takes too long', { jobMs: 1 }, 'took-too-long'],
    ['takes too much memory', { heapMegabytes: 6 }, 'out-of-memory'],
    ['has too many events', { events: 1_000 }, 'too-many-events'],
    ['has too long an answer', { answerBytes: 100 }, 'answer-too-large'],
  ])('end where one %s, and others go on', async (_, limits, code) => {
    const other = await lab.another(limits);
    const events = {
      upload: await lab.upload(
        Array.from({ length: 1_001 }, (_, id) => like(`${id}`, 'v', 'c')),
        other,
      ),
    };
    const answer = await lab.ask({ question: 'simulate', events, policy: POLICY, revenue: REVENUE }, 20, other);
    expect(answer.json()).toMatchObject({ state: 'failed', failure: { code } });
    expect((await other.app.inject({ url: '/healthz' })).statusCode).toBe(200);
    await closeService(other);
  });

  it('that cannot be answered say why', async () => {
    const events = { upload: await lab.upload(['no', 'events']) };
    const answer = await lab.ask({ question: 'simulate', events, policy: POLICY, revenue: REVENUE });
    expect(answer.json()).toMatchObject({ state: 'failed', failure: { code: 'no-events' } });
  });
});

describe('a job', () => {
  const question = (events: object) => ({ question: 'simulate', events, policy: POLICY, revenue: REVENUE });
  const app = () => lab.service.app;

  it('belongs to the key that asked: no other key lists, reads or cancels it, or asks about its upload', async () => {
    const other = await lab.books.key(['read']);
    const events = { upload: await lab.upload(EVENTS) };
    const { job } = await lab.answerTo(question(events));
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
    expect((await lab.get(`jobs/${job.job}`)).json()).toEqual(job);
  });

  it('of one key leaves room for those of another', async () => {
    const quick = await lab.another({ waiting: 16, waitingPerKey: 1 });
    const long = (seed: number) => question({ ...LONG, seed });
    const states = [];
    for (const seed of [11, 12, 13]) {
      states.push((await lab.ask(long(seed), 0, quick)).json());
    }
    expect(states).toMatchObject([{ state: 'running' }, { state: 'waiting' }, { code: 'too-many-requests' }]);
    const other = await quick.app.inject({
      method: 'POST',
      url: '/v1/lab/questions',
      headers: await lab.books.key(['read']),
      payload: long(13),
    });
    expect(other.json()).toMatchObject({ state: 'waiting' });
    await closeService(quick);
  });
});
