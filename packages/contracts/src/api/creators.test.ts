import { describe, expect, it } from 'vitest';
import { describeIssues } from '../values/issue.ts';
import { parseCreators } from './creators.ts';

describe('parseCreators', () => {
  it('takes what is left out, null or empty for not given', () => {
    const none = { handle: null, country: null, joinedOn: null, taxCountry: null, payee: null, account: null };
    const creator = { ...none, creatorId: 'c1', followers: 0, viewerIds: [] };
    expect(parseCreators([{ creatorId: 'c1' }])).toEqual({ ok: true, value: [creator] });
    expect(parseCreators([{ creatorId: 'c1', handle: '', country: null }])).toEqual({ ok: true, value: [creator] });
  });

  it.each([
    [{}, 'give an array of creators'],
    [[{}], '[0].creatorId: is missing'],
    [[{ creatorId: 'a' }, { creatorId: 'a' }], '[1].creatorId: the same creator is at [0] already'],
    [[{ creatorId: 'a', fans: 1 }], '[0]: "fans" is not a known key'],
    [[{ creatorId: 'a', followers: '12' }], '[0].followers: followers is a whole number'],
    [[{ creatorId: 'a', followers: -1 }], '[0].followers: followers cannot be negative'],
    [[{ creatorId: 'a', viewerIds: ['v 1'] }], '[0].viewerIds[0]: a viewer id cannot have a space'],
    [[{ creatorId: 'a', joinedOn: '2026-13-01' }], '[0].joinedOn: give a date that exists'],
    [[{ creatorId: 'a', country: 'idn' }], '[0].country: a country is two capital letters'],
  ])('refuses %j, saying where and why', (value, message) => {
    const parsed = parseCreators(value);
    expect(parsed.ok ? '' : describeIssues(parsed.issues)).toContain(message);
  });
});
