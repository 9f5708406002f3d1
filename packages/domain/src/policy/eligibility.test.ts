import { describe, expect, it } from 'vitest';
import { NO_CONDITIONS } from '../../../../test/support/test-policy.ts';
import { periodBounds } from '../values/period.ts';
import type { CreatorFacts } from './creator.ts';
import { eligibility } from './eligibility.ts';
import type { EligibilityPolicy } from './policy.ts';

const bounds = periodBounds('2026-10', 'Asia/Jakarta');

function isEligible(
  conditions: Partial<EligibilityPolicy>,
  creator?: Partial<CreatorFacts>,
  followers = 0,
  points = 10n,
) {
  const policy = { timeZone: 'Asia/Jakarta', eligibility: { ...NO_CONDITIONS, ...conditions } };
  const facts = creator && { creatorId: 'c', country: null, joinedOn: null, followers: 0, viewerIds: [], ...creator };
  return eligibility({ policy, bounds, registered: () => facts, followers: () => followers, scale: 1 })('c', points);
}

describe('eligibility', () => {
  it('without conditions everybody is eligible, registered or not', () => {
    expect(isEligible({})).toBe(true);
  });

  it('registeredOnly', () => {
    expect(isEligible({ registeredOnly: true })).toBe(false);
    expect(isEligible({ registeredOnly: true }, {})).toBe(true);
  });

  it.each([
    [3, 2, false],
    [3, 3, true],
  ])('minFollowers %i with %i: %s', (minFollowers, followers, expected) => {
    expect(isEligible({ minFollowers }, {}, followers)).toBe(expected);
  });

  it.each([
    ['1', 10n, true],
    ['1.1', 10n, false],
    ['1.1', 11n, true],
  ])('minPoints %s with %s tenths: %s', (minPoints, points, expected) => {
    expect(isEligible({ minPoints }, {}, 0, points)).toBe(expected);
  });

  // October 2026 in Jakarta ends as 1 November begins.
  it.each([
    ['2026-10-02', 30, true],
    ['2026-10-03', 30, false],
    ['2026-11-01', 1, false],
    ['2027-01-01', 1, false],
  ])(
    "account age counts days of the program's zone at the period's end: joined %s, %i days: %s",
    (joinedOn, days, expected) => {
      expect(isEligible({ minAccountAgeDays: days }, { joinedOn })).toBe(expected);
    },
  );

  it('an unregistered creator fails a condition on age or country; so does one whose date or country is not known', () => {
    expect(isEligible({ minAccountAgeDays: 1 })).toBe(false);
    expect(isEligible({ countries: ['ID'] })).toBe(false);
    expect(isEligible({ minAccountAgeDays: 1 }, {})).toBe(false);
    expect(isEligible({ countries: ['ID'] }, {})).toBe(false);
  });

  it('countries', () => {
    expect(isEligible({ countries: ['ID', 'BR'] }, { country: 'BR' })).toBe(true);
    expect(isEligible({ countries: ['ID', 'BR'] }, { country: 'US' })).toBe(false);
  });
});
