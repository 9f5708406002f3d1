import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeService, POLICY, REVENUE, SCENARIO, TestLab } from './test-lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await TestLab.open();
});
afterAll(() => lab?.close());

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
    const other = await lab.another({ gridSize: 1_000, ...limits });
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
      headers: { ...lab.headers, 'content-type': 'application/json' },
      payload,
    });
    clearInterval(beat);
    expect(answer.statusCode, answer.body.slice(0, 500)).toBe(status);
    expect(answer.body.length).toBeLessThan(100_000);
    expect(longest).toBeLessThan(2_000);
    await closeService(other);
  });
});

it('has its time from when its thread is loaded, which takes longer than this limit', async () => {
  const other = await lab.another({ checkMs: 500 });
  const answer = await lab.ask({ question: 'search', policies: [POLICY], trials: 1 }, 0, other);
  expect(answer.statusCode, answer.body).toBe(202);
  await closeService(other);
});
