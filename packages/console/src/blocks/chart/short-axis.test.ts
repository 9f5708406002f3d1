import { expect, it } from 'vitest';
import { shortNumber } from './short-axis.ts';

it('places on an axis are short, whatever their size', () => {
  expect([0, 0.25, 999, 1_000, 1_500_000, -2_000_000_000, 4e13].map(shortNumber)).toEqual([
    '0',
    '0.25',
    '999',
    '1k',
    '1.5M',
    '-2B',
    '40T',
  ]);
});
