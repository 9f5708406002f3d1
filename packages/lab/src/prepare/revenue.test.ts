import { describe, expect, it } from 'vitest';
import { testPolicy } from '../test-policy.ts';
import { revenueByPeriod } from './revenue.ts';

const POLICY = testPolicy();
const revenue = (...given: [string, string][]) =>
  revenueByPeriod(
    given.map(([period, amount]) => ({ period, amount })),
    POLICY,
    12,
  );

describe('revenueByPeriod', () => {
  it('gives minor units, and adds up the amounts of one period', () => {
    expect(revenue(['2026-10', '10.50'], ['2026-09', '1'], ['2026-10', '-0.25'])).toEqual(
      new Map([
        ['2026-10', 1025n],
        ['2026-09', 100n],
      ]),
    );
  });

  it.each<[string, [string, string][], string]>([
    ['without any', [], 'invalid-request'],
    ['a week in a program of months', [['2026-W40', '1']], 'bad-period'],
    ['no period', [['October', '1']], 'bad-period'],
    ['more decimals than the currency has', [['2026-10', '1.001']], 'bad-amount'],
    [
      'more periods than are closed',
      [
        ['2025-10', '1'],
        ['2026-10', '1'],
      ],
      'too-large',
    ],
  ])('refuses %s', (_, given, code) => {
    expect(() => revenue(...given)).toThrow(expect.objectContaining({ code }));
  });

  it('takes as many periods as the limit says', () => {
    expect(revenue(['2025-11', '1'], ['2026-10', '1']).size).toBe(2);
  });
});
