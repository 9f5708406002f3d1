import { expect, it } from 'vitest';
import { everySecond, rateOf, rateText } from './rates.ts';

const quiet = { accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 };
const rates = {
  now: 120,
  from: 60,
  seconds: [
    { ...quiet, second: 61, accepted: 100 },
    { ...quiet, second: 119, accepted: 50, rejected: 5 },
  ],
};

it('a rate is the mean of the last ten seconds, quiet ones too', () => {
  expect(everySecond(rates)).toHaveLength(60);
  expect(everySecond(rates)[1]).toEqual({ ...quiet, second: 61, accepted: 100 });
  expect(rateOf(rates, 'accepted')).toEqual({ perSecond: 5, total: 150 });
  expect(rateOf(rates, 'rejected')).toEqual({ perSecond: 0.5, total: 5 });
  expect(rateOf({ now: 5, from: 5, seconds: [] }, 'accepted')).toEqual({ perSecond: 0, total: 0 });
});

it('rates are short', () => {
  expect([0, 0.5, 9.94, 12.4, 148_000.4].map(rateText)).toEqual(['0', '0.5', '9.9', '12', '148,000']);
});
