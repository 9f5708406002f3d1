import { expect, it } from 'vitest';
import { durationText } from './durations.ts';

it('durations are short', () => {
  expect([0, 420, 9_999, 12_400, 119_000, 180_000].map(durationText)).toEqual([
    '0.0 s',
    '0.4 s',
    '10.0 s',
    '12 s',
    '119 s',
    '3 min',
  ]);
});
