import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { eligibility } from './eligibility.ts';
import { explainEligibility } from './eligibility-conditions.ts';

const bounds = { start: Date.parse('2026-09-30T17:00:00Z'), end: Date.parse('2026-10-31T17:00:00Z') };
const facts = { creatorId: 'c', country: 'ID', joinedOn: '2026-10-01', followers: 5, viewerIds: [] };
const conditions = {
  registeredOnly: true,
  minFollowers: 10,
  minPoints: '2',
  minAccountAgeDays: 30,
  countries: ['ID', 'MY'],
};

it('names each condition that the policy sets, and what it saw', () => {
  const policy = testPolicy({ eligibility: conditions });
  const input = { policy, bounds, registered: () => facts, followers: () => 7, scale: 1 };
  expect(explainEligibility(input, 'c', 25n)).toEqual({
    eligible: false,
    conditions: [
      { condition: 'registeredOnly', required: 'registered', seen: 'registered', holds: true },
      { condition: 'minPoints', required: '2', seen: '2.5', holds: true },
      { condition: 'countries', required: 'ID MY', seen: 'ID', holds: true },
      { condition: 'minAccountAgeDays', required: '30', seen: '31', holds: true },
      { condition: 'minFollowers', required: '10', seen: '7', holds: false },
    ],
  });
  const nobody = explainEligibility({ ...input, registered: () => undefined }, 'c', 10n);
  expect(nobody.conditions.map(({ seen, holds }) => [seen, holds])).toEqual([
    [null, false],
    ['1', false],
    [null, false],
    [null, false],
    ['7', false],
  ]);
});

it('all conditions hold exactly where a creator with positive points is eligible', () => {
  fc.assert(
    fc.property(
      fc.record({
        registeredOnly: fc.boolean(),
        minFollowers: fc.integer({ min: 0, max: 3 }),
        minPoints: fc.constantFrom('0', '1', '1.5'),
        minAccountAgeDays: fc.integer({ min: 0, max: 40 }),
      }),
      fc.option(
        fc.record({
          country: fc.constantFrom('ID', 'MY', null),
          joinedOn: fc.constantFrom('2026-10-01', '2026-10-31', null),
        }),
      ),
      fc.integer({ min: 0, max: 4 }),
      fc.bigInt(-2n, 30n),
      fc.boolean(),
      (asked, known, followers, points, byCountry) => {
        const policy = testPolicy({ eligibility: byCountry ? { ...asked, countries: ['ID'] } : asked });
        const registered = () => (known === null ? undefined : { ...facts, ...known });
        const input = { policy, bounds, registered, followers: () => followers, scale: 1 };
        const explained = explainEligibility(input, 'c', points);
        expect(explained.eligible).toBe(points > 0n && eligibility(input)('c', points));
        expect(points > 0n && explained.conditions.every(({ holds }) => holds)).toBe(explained.eligible);
      },
    ),
    { numRuns: 500 },
  );
});
