import { testPolicy } from '@rewardbook/domain/test-policy';
import { describe, expect, it } from 'vitest';
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
  ])('refuses %s = %j', (path, value) => {
    expect(typeof setTo(path, value)).toBe('string');
  });
});
