import { connect } from '@rewardbook/db/client';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTS, POLICY, REVENUE, SCENARIO, TestLab } from './test-lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await TestLab.open();
});
afterAll(() => lab?.close());

it.each([
  ['{"question":"search","question":"sweep","policies":[]}', 'duplicate-key'],
  ['{"question":"search","policies":[{"__proto__":{"kind":"clawback"}}]}', 'bad-json'],
  ['{"question":"search","policies":[{"\\u005f_proto__":{"kind":"clawback"}}]}', 'bad-json'],
  ['{"question":', 'bad-json'],
])('a body %s is refused as %s', async (payload, code) => {
  const type = { ...lab.headers, 'content-type': 'application/json' };
  const answer = await lab.service.app.inject({ method: 'POST', url: '/v1/lab/questions', headers: type, payload });
  expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
});

describe('a sweep', () => {
  it.each(['__proto__.kind', '__proto__.polluted', 'constructor.prototype.kind', 'boosts.__proto__.kind'])(
    'has no path %s, and changes nothing of the process by it',
    async (path) => {
      const events = { upload: await lab.upload(EVENTS) };
      const set = [{ path, values: ['clawback'] }];
      const refused = await lab.ask({ question: 'sweep', events, policy: POLICY, revenue: REVENUE, set });
      expect([refused.statusCode, refused.json().code]).toEqual([400, 'bad-policy']);
      expect(Reflect.get({}, 'kind')).toBeUndefined();
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      expect(Reflect.get([], 'kind')).toBeUndefined();
    },
  );
});

describe('questions about events', () => {
  it('are the same job for the same content, however it is written, and another for another', async () => {
    const events = { upload: await lab.upload(EVENTS) };
    const question = { question: 'simulate', events, policy: POLICY, revenue: REVENUE };
    const { job, answer } = await lab.answerTo(question);
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
    const again = await lab.ask(
      { ...question, policy: { ...POLICY, revenueShare: '0.050' }, revenue: { '2026-10': '1000' } },
      0,
    );
    expect(again.json()).toEqual(job);
    const other = await lab.ask({ ...question, policy: { ...POLICY, revenueShare: '0.06' } });
    expect(other.json().job).not.toBe(job.job);
  });

  it('of a recorded period are answered again once more is recorded', async () => {
    const owner = connect(lab.database.ownerUrl, { max: 1 });
    const record = async (id: string, creatorId: string, occurredAt: number) => {
      const [batch] = await owner<{ id: string }[]>`
        INSERT INTO ingest_batch (program_id, accepted, occurred_min, occurred_max, sealed_at)
        VALUES (${lab.books.programId}, 1, ${occurredAt}, ${occurredAt}, now()) RETURNING batch_id::text AS id`;
      await owner`INSERT INTO event (program_id, id, source, viewer_id, creator_id, content_id, active, occurred_at, batch_id)
                  VALUES (${lab.books.programId}, ${id}, 'app', ${`viewer of ${id}`}, ${creatorId}, '', true, ${occurredAt}, ${batch?.id ?? ''}::bigint)`;
    };
    await record('1', 'ann', Date.UTC(2026, 9, 5));
    await record('2', 'bob', Date.UTC(2026, 10, 5));
    const events = { program: 'demo', period: '2026-10' };
    const question = { question: 'simulate', events, policy: POLICY, revenue: REVENUE };
    const first = await lab.answerTo(question);
    expect(first.answer).toMatchObject({
      periods: [{ creators: [{ creatorId: 'ann', netFollows: 1, amount: '50.00' }] }],
    });
    await record('3', 'cy', Date.UTC(2026, 9, 6));
    const second = await lab.answerTo(question);
    expect(second.job.job).not.toBe(first.job.job);
    expect(second.answer).toMatchObject({ periods: [{ creators: [{ amount: '25.00' }, { amount: '25.00' }] }] });
    await owner.end();
  });

  it('compare, sweep, attack and screen as the commands of these names do', async () => {
    const events = { scenario: SCENARIO, events: 2_000, creators: 30, viewers: 200 };
    const revenue = { '2026-09': '1000.00', '2026-10': '1000.00' };
    const capped = { ...POLICY, allocation: { method: 'pro-rata', maxShare: '0.1' } };
    const compared = await lab.answerTo({ question: 'compare', events, a: POLICY, b: capped, revenue });
    expect(compared.answer).toMatchObject({ winners: expect.any(Number), moneyMoved: expect.any(String) });
    const set = [{ path: 'weights.follow', values: ['1', '3'] }];
    const swept = await lab.answerTo({ question: 'sweep', events, policy: POLICY, revenue, set });
    expect(swept.answer).toMatchObject({ points: [{ moneyMoved: '0.00' }, { settings: { 'weights.follow': '3' } }] });
    expect(swept.job.progress).toEqual({ phase: 'points', done: 2, total: 2 });
    const estimated = await lab.answerTo({ question: 'sweep', events, policy: POLICY, revenue, set, seeds: 2 });
    expect(estimated.answer).toMatchObject({
      interval: 't95',
      points: [{ estimates: { gini: expect.any(Object) } }, {}],
    });
    const searched = await lab.answerTo({ question: 'search', policies: [POLICY], trials: 5 });
    expect(searched.answer).toMatchObject({ found: [{ manipulation: 'split', gained: 0 }, { trials: 5 }] });
    const attacked = await lab.answerTo({
      ...{ question: 'attack', events, policies: [POLICY], revenue, kind: 'bought-followers' },
      ...{ creatorIds: ['creator-0001'], size: 100, accounts: 100, cost: '0.01' },
    });
    expect(attacked.answer).toMatchObject({
      kind: 'bought-followers',
      results: [{ fakeEvents: 100, cost: '1' }],
    });
    const screened = await lab.answerTo({ question: 'screen', events, policy: POLICY, minFollows: 1, top: 3 });
    expect(screened.answer).toMatchObject({ program: 'demo', creators: expect.any(Array) });
  });

  it('of uploads give what the same events of the generator give', async () => {
    const size = { events: 400, creators: 10, viewers: 50 };
    const lines = [...generateEvents(readScenario(SCENARIO), size)].map(eventLine);
    const question = { question: 'simulate', policy: POLICY, revenue: { '2026-09': '10.00', '2026-10': '10.00' } };
    const made = await lab.answerTo({ ...question, events: { scenario: SCENARIO, ...size } });
    const sent = await lab.answerTo({ ...question, events: { upload: await lab.upload(lines) } });
    expect(sent.answer).toEqual(made.answer);
  });
});
