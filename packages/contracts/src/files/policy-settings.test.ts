import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { policyWith } from './policy-settings.ts';

const setTo = (path: string, value: string) => {
  const parsed = policyWith(testPolicy(), [{ path, value }]);
  return parsed.ok ? parsed.value : parsed.issues[0]?.message;
};

describe('policyWith', () => {
  it('sets a decimal, a count, a flag and a name, each in its form', () => {
    expect(setTo('weights.follow', '3')).toMatchObject({ weights: { like: '1', follow: '3' } });
    expect(setTo('eligibility.minFollowers', '100')).toMatchObject({ eligibility: { minFollowers: 100 } });
    expect(setTo('eligibility.registeredOnly', 'true')).toMatchObject({ eligibility: { registeredOnly: true } });
    expect(setTo('undistributed', 'return')).toMatchObject({ undistributed: 'return' });
  });

  it('sets what the policy leaves out', () => {
    expect(setTo('allocation.maxShare', '0.10')).toMatchObject({ allocation: { maxShare: '0.1' } });
    expect(setTo('risk.maxLikesPerPair', '5')).toMatchObject({ risk: { maxLikesPerPair: 5 } });
  });

  it('changes nothing of the policy that it is given', () => {
    const policy = testPolicy();
    policyWith(policy, [{ path: 'weights.follow', value: '3' }]);
    expect(policy).toEqual(testPolicy());
  });

  it.each([
    ['weights.follow', 'many'],
    ['weights.share', '1'],
    ['weights', '1'],
    ['name.first', 'x'],
    ['', '1'],
    ['allocation.maxShare', '2'],
    ['eligibility.registeredOnly', 'perhaps'],
    ['eligibility.minFollowers', '1e3'],
    ['payout.withholding.Indonesia', '0.1'],
  ])('refuses %s = %j', (path, value) => {
    expect(typeof setTo(path, value)).toBe('string');
  });

  it('sets items of lists, and keys of records that their schema takes', () => {
    const boost = { name: 'big', when: { minFollowers: 10 }, multiplier: '2' };
    const boosted = policyWith({ ...testPolicy(), boosts: [boost] }, [
      { path: 'boosts.0.multiplier', value: '3' },
      { path: 'boosts.0.when.minFollowers', value: '20' },
      { path: 'payout.withholding.ID', value: '0.1' },
    ]);
    expect(boosted).toMatchObject({
      ok: true,
      value: {
        boosts: [{ name: 'big', when: { minFollowers: 20 }, multiplier: '3' }],
        payout: { withholding: { ID: '0.1' } },
      },
    });
  });

  it.each([
    '__proto__.kind',
    '__proto__.polluted',
    '__proto__',
    'constructor.prototype.kind',
    'weights.__proto__.kind',
    'weights.constructor.prototype.kind',
    'payout.withholding.__proto__',
    'payout.withholding.__proto__.kind',
    'payout.holdback.__proto__.kind',
    'risk.lockstep.__proto__.viewers',
    'boosts.__proto__.kind',
    'boosts.length',
    'boosts.0.__proto__.kind',
    'boosts.0.when.__proto__.kind',
    'boosts.1.multiplier',
    'boosts.-1.multiplier',
    'approvals.push',
    'toString',
    'hasOwnProperty.name',
  ])('refuses the path %s, and writes through none of its names', (path) => {
    const before = [Object.prototype, Array.prototype, Function.prototype].map((each) => Reflect.ownKeys(each));
    const policy = { ...testPolicy(), boosts: [{ name: 'big', when: {}, multiplier: '2' }] };
    expect(policyWith(policy, [{ path, value: 'clawback' }])).toEqual({
      ok: false,
      issues: [{ path, message: 'is not a key of a policy that can be set' }],
    });
    expect([Object.prototype, Array.prototype, Function.prototype].map((each) => Reflect.ownKeys(each))).toEqual(
      before,
    );
  });
});
