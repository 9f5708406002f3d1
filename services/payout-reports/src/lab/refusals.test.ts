import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICY, REVENUE, SCENARIO, TestLab } from './test-lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await TestLab.open();
});
afterAll(() => lab?.close());

/** Nine levels of nine aliases: 3 GB where they are written out. */
const BOMB = Array.from({ length: 9 }, (_, level) => {
  const items = level === 0 ? Array(9).fill('lol') : Array(9).fill(`*a${level - 1}`);
  return `a${level}: &a${level} [${items.join(', ')}]`;
}).join('\n');

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
    [
      'a rule that no policy has',
      { ...good, question: 'attack', policy: undefined, policies: [POLICY], kind: 'whale', rules: ['maxLikes=1'] },
      400,
      'bad-policy',
    ],
    ['names of other policies', { question: 'search', policies: [POLICY], names: ['a', 'b'] }, 400, 'invalid-request'],
    [
      'seeds of events that are fixed',
      {
        ...good,
        question: 'sweep',
        events: { upload: unknown },
        set: [{ path: 'weights.follow', values: ['1'] }],
        seeds: 2,
      },
      400,
      'invalid-request',
    ],
    ['events that are not here', { ...good, events: { upload: unknown } }, 404, 'upload-unknown'],
    ['a program that is not here', { ...good, events: { program: 'nobodys' } }, 404, 'program-unknown'],
  ])('%s', async (_, question, status, code) => {
    const answer = await lab.ask(question, 0);
    expect([answer.statusCode, answer.json().code], answer.body).toEqual([status, code]);
  });

  it('a key without the scope read, and a job that does not exist', async () => {
    const other = await lab.books.key(['operate']);
    const forbidden = await lab.service.app.inject({
      method: 'POST',
      url: '/v1/lab/questions',
      headers: other,
      payload: good,
    });
    expect(forbidden.json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await lab.get(`jobs/${unknown}`)).json()).toMatchObject({ status: 404, code: 'job-unknown' });
    expect((await lab.get(`jobs/${unknown}/answer`)).json()).toMatchObject({ status: 404, code: 'job-unknown' });
  });
});
