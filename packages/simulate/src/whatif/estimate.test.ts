import { describe, expect, it } from 'vitest';
import { randomFrom } from '../generator/random.ts';
import { estimate } from './estimate.ts';

describe('estimate', () => {
  it('of 1, 2, 3, 4 by hand: 2.5 ± 3.182446·√(5/3)/2', () => {
    expect(estimate([4, 1, 3, 2])).toEqual({
      runs: 4,
      mean: '2.500000',
      low: '0.445740',
      high: '4.554260',
      least: '1.000000',
      most: '4.000000',
    });
  });

  it('has no interval for one run, and says nothing of none', () => {
    expect(estimate([7])).toMatchObject({ mean: '7.000000', low: null, high: null });
    expect(estimate([])).toBeUndefined();
  });

  it('goes on smoothly above the table', () => {
    const width = (runs: number) => {
      const figures = Array.from(
        { length: runs },
        (_, index) => (index % 2 === 0 ? 1 : -1) * Math.sqrt((runs - 1) / runs),
      );
      const { mean = '0', high } = estimate(figures) ?? {};
      return (Number(high) - Number(mean)) * Math.sqrt(runs); // t itself, as s is 1 for an even number
    };
    expect(width(32)).toBeCloseTo(2.039513, 4);
    expect(width(62)).toBeCloseTo(1.999624, 4);
    expect(width(1002)).toBeCloseTo(1.962337, 4);
  });

  it('holds the true mean in about 95 of 100 samples', () => {
    const random = randomFrom(1, 9);
    let held = 0;
    for (let sample = 0; sample < 2_000; sample += 1) {
      const figures = Array.from(
        { length: 8 },
        () => Array.from({ length: 12 }, random).reduce((a, b) => a + b, 0) / 2 ** 32,
      );
      const { low, high } = estimate(figures) ?? {};
      if (Number(low) <= 6 && Number(high) >= 6) {
        held += 1;
      }
    }
    expect(held / 2_000).toBeGreaterThan(0.935);
    expect(held / 2_000).toBeLessThan(0.965);
  });
});
