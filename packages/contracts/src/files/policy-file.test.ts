import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { describeIssues } from '../values/issue.ts';
import { parsePolicyFile } from './policy-file.ts';

const head = ['program: demo', 'name: Demo', 'currency: IDR', 'timeZone: Asia/Jakarta', 'period: month'];
const file = (...lines: string[]) => [...head, ...lines].join('\n');

function refusal(text: string): string {
  const parsed = parsePolicyFile(text);
  return parsed.ok ? 'accepted' : describeIssues(parsed.issues);
}

describe('parsePolicyFile', () => {
  it('fills in every default', () => {
    expect(parsePolicyFile(file())).toEqual({
      ok: true,
      value: testPolicy({ program: 'demo', name: 'Demo' }),
    });
  });

  it('rounds payouts to one minor unit of the currency where nothing is said', () => {
    const text = file().replace('IDR', 'JPY');
    expect(parsePolicyFile(text)).toMatchObject({ ok: true, value: { payout: { roundTo: '1' } } });
  });

  it('writes decimals plainly, so that one policy has one hash', () => {
    const text = file('weights: { like: "1.50", follow: "-0" }', 'payout: { minimum: "50000.00" }');
    expect(parsePolicyFile(text)).toMatchObject({
      ok: true,
      value: { weights: { like: '1.5', follow: '0' }, payout: { minimum: '50000' } },
    });
  });

  it('reads JSON too, with tabs', () => {
    const value = { program: 'demo', name: 'Demo', currency: 'IDR', timeZone: 'UTC', period: 'week' };
    expect(parsePolicyFile(JSON.stringify(value, null, '\t'))).toMatchObject({ ok: true, value: { period: 'week' } });
  });

  it('leaves country codes alone that other YAML versions take for booleans', () => {
    expect(parsePolicyFile(file('eligibility: { countries: [NO, ID] }'))).toMatchObject({
      ok: true,
      value: { eligibility: { countries: ['NO', 'ID'] } },
    });
  });

  it.each([
    ['revenueShare: 0.05', 'line 6, column 15: revenueShare: a decimal is written in quotes: "0.05", not 0.05'],
    ['revenueShare: "1.01"', 'line 6, column 15: revenueShare: is 1.01; at most 1'],
    ['revenueShare: "-0.1"', 'line 6, column 15: revenueShare: is -0.1; at least 0'],
    [
      'revenueShare: "5%"',
      'line 6, column 15: revenueShare: "5%" is not a plain decimal: write it like "1500.00" or "-0.5"',
    ],
    ['weights: { like: "0.1234567890123456789" }', 'line 6, column 18: weights.like: has 19 decimals; at most 18'],
    [
      'weights: { like: "1000000000000" }',
      'line 6, column 18: weights.like: has 13 digits before the point; at most 12',
    ],
    [`payout: { minimum: "1${'0'.repeat(30)}" }`, 'payout.minimum: '],
    [
      'boosts: [{ name: a, when: {}, multiplier: "1000000" }, { name: b, when: {}, multiplier: "1000000" }]',
      'line 6, column 9: boosts: together multiply points by 1000000000000 or more',
    ],
    ['weights: { lkie: "1" }', 'line 6, column 12: weights: "lkie" is not a known key'],
    ['shares: "1"', 'line 6, column 1: "shares" is not a known key'],
    ['allocation: { maxShare: "0" }', 'line 6, column 25: allocation.maxShare: is 0; more than 0'],
    [
      'payout: { minimum: "0.001" }',
      'line 6, column 20: payout.minimum: "0.001" has 3 decimals, IDR has 2: amounts are not rounded',
    ],
    ['payout: { roundTo: "0" }', 'line 6, column 20: payout.roundTo: must be at least 0.01'],
    ['payout: { withholding: { Indonesia: "0.1" } }', 'Indonesia'],
    ['risk: { maxLikesPerPair: 0 }', 'line 6, column 26: risk.maxLikesPerPair: must be 1 or more'],
    ['risk: { blockedViewers: [a, b, a] }', 'line 6, column 32: risk.blockedViewers[2]: "a" is listed twice'],
    ['maxLatePeriods: 1.5', 'line 6, column 17: maxLatePeriods: give a whole number'],
    ['period: week', 'line 6, column 1'],
    ['approvals: [payout]', 'line 6, column 13: approvals[0]'],
    ['boosts: [', 'line 6'],
    ['allocation: { method: blend }', 'lambda belongs to the method blend'],
    ['allocation: { method: equal, lambda: "0.5" }', 'lambda belongs to the method blend'],
    [
      'allocation: { method: user-centric }\nboosts: [{ name: b, when: {}, multiplier: "2" }]',
      'line 7, column 9: boosts: multiply points, which this allocation method does not use',
    ],
    ['risk: { lockstep: { viewers: 3, targets: 3 } }', 'risk.lockstep.windowSeconds: is missing'],
  ])('refuses %s, saying where and why', (line, message) => {
    expect(refusal(file(line))).toContain(message);
  });

  it.each([
    'allocation: { method: user-centric, maxShare: "0.1" }',
    'allocation: { method: engaged-equal }',
    'allocation: { method: equal }',
    'allocation: { method: blend, lambda: "0.25" }\nboosts: [{ name: b, when: { minGrowth: "0.2" }, multiplier: "2" }]',
    'allocation: { method: square-root }\nboosts: [{ name: b, when: {}, multiplier: "0.5" }]',
    'boosts: [{ name: b, when: { minFollowers: 1, maxFollowers: 9 }, multiplier: "1.5" }]',
    'risk: { lockstep: { viewers: 3, targets: 3, windowSeconds: 60 } }',
  ])('takes %s', (line) => {
    expect(refusal(file(line))).toBe('accepted');
  });

  it.each([
    [['Asia/Jakarta', 'Asia/Atlantis'], '"Asia/Atlantis" is not a time zone'],
    [['Asia/Jakarta', '"+07:00"'], '"+07:00" is not a time zone'],
    [['Asia/Jakarta', 'asia/jakarta'], '"asia/jakarta" is not a time zone'],
    [['IDR', 'IDX'], '"IDX" is not a currency'],
    [['demo', 'Demo Program'], 'program: a program is'],
    [['period: month', 'period: year'], 'line 5, column 9: period'],
  ])('refuses %s', ([from = '', to = ''], message) => {
    expect(refusal(file().replace(from, to))).toContain(message);
  });

  it('names what is missing', () => {
    expect(refusal('program: demo')).toContain('currency: is missing');
    expect(refusal('')).not.toBe('accepted');
  });
});
