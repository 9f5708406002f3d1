import { expect, it } from 'vitest';
import { proRata } from './allocation.ts';

it.each([
  ['whole points are their own weights', [3n, 10n], 0, [3n, 10n]],
  ['the smallest power of ten that makes all whole', [150n, 300n], 2, [15n, 30n]],
  ['whole after all: not scaled', [100n, 2000n], 2, [1n, 20n]],
  ['never scaled down below whole points', [10n, 20n], 0, [10n, 20n]],
  ['one with all decimals decides', [125n, 3000n], 3, [125n, 3000n]],
  ['nobody', [], 3, []],
])('pro-rata weights: %s', (_name, points, scale, weights) => {
  expect(proRata(points, scale)).toEqual(weights);
});
