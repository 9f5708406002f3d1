import { describe, expect, it } from 'vitest';
import { readQuestion } from './read-question.ts';

const LIMITS = { events: 1_000, parties: 100 };
const POLICY = { program: 'p', name: 'P', currency: 'IDR', timeZone: 'UTC', period: 'month' };
const EVENTS = { program: 'p' };
const read = (value: object) => readQuestion(value, LIMITS);

describe('readQuestion', () => {
  it('names policies as the asker does, or by their place', () => {
    const policies = [POLICY, POLICY];
    const names = (value: object) => {
      const { question } = read({ question: 'search', policies, ...value });
      return question.question === 'search' && question.policies.map(({ name }) => name);
    };
    expect(names({})).toEqual(['policy 1', 'policy 2']);
    expect(names({ names: ['now', 'next'] })).toEqual(['now', 'next']);
    expect(() => names({ names: ['now'] })).toThrow('names: 1 given for 2 policies');
  });

  it('fills in what is left out', () => {
    expect(read({ question: 'screen', events: EVENTS, policy: POLICY })).toMatchObject({
      question: { periods: 1_000_000_000, minFollows: 5, minFollowers: 0, top: 20, creators: [] },
      events: EVENTS,
    });
    expect(read({ question: 'search' }).question).toMatchObject({ policies: [], trials: 500, seed: 1 });
  });

  it.each([
    ['a key that no question has', { question: 'search', more: 1 }, 'invalid-request', ''],
    [
      'a policy that is not valid',
      { question: 'search', policies: [{ ...POLICY, name: 1 }] },
      'bad-policy',
      'policies[0].name',
    ],
    [
      'the same creator twice',
      { question: 'screen', events: EVENTS, policy: POLICY, creators: [{ creatorId: 'a' }, { creatorId: 'a' }] },
      'bad-creators',
      'creators[1].creatorId',
    ],
  ])('refuses %s, and says where', (_, value, code, path) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ code, issues: [expect.objectContaining({ path })] }));
  });
});
