import { expect, it } from 'vitest';
import { testPolicy } from '../../../../../test/support/test-policy.ts';
import { changesBetween, describeChanges } from './what-changes.ts';

const BASELINE = testPolicy({
  weights: { like: '1', follow: '5' },
  allocation: { method: 'pro-rata', maxShare: '0.1' },
});

it('says what changes in the words of the form, and that nothing does', () => {
  expect(describeChanges(changesBetween(BASELINE, BASELINE))).toBe('No difference: the candidate is the baseline.');
  const candidate = { ...BASELINE, weights: { like: '1', follow: '8' }, allocation: { method: 'equal' } as const };
  expect(describeChanges(changesBetween(BASELINE, candidate))).toBe(
    'The candidate changes 3 settings. A follow counts: 5 → 8; Method: Pro rata → Equal; Most that one creator gets: 10% → none.',
  );
});

it('says where events have to be judged again', () => {
  const ruled = { ...BASELINE, risk: { maxLikesPerPair: 10 } };
  expect(describeChanges(changesBetween(BASELINE, ruled))).toBe(
    'The candidate changes one setting. Likes of a viewer for one creator in a period: none → 10. Events are judged again by these rules.',
  );
});
