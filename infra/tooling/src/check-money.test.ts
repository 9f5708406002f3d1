import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findMoney, plantedMoney } from './check-money.ts';
import { withoutAllowed } from './money-allowances.ts';
import { saysMoney } from './money-names.ts';
import { comparePlanted } from './violation.ts';

const planted = fileURLToPath(new URL('../planted/money/', import.meta.url));

describe('check:money', () => {
  const { violations } = findMoney(planted);
  const linesOf = (rule: string): (number | undefined)[] =>
    violations.filter((violation) => violation.rule === rule).map(({ line }) => line);

  it('sees every planted violation, and nothing else there', () => {
    expect(comparePlanted(violations, plantedMoney)).toEqual({ unseen: [], unexpected: [] });
  });

  it('finds numbers by type: inferred, optional, in arrays, maps, promises and results', () => {
    expect(linesOf('money-in-number')).toEqual([1, 3, 6, 6, 7, 10]);
  });

  it('knows clients from other things that begin, money from counts, strings from numbers', () => {
    expect(linesOf('no-client-transaction')).toEqual([7]);
    expect(linesOf('no-money-conversion')).toEqual([3, 3, 3]);
    expect(linesOf('utf8-order')).toEqual([4, 5, 6]);
  });

  it('knows names of a list and indexes from names that may be any', () => {
    expect(linesOf('no-write-by-name')).toEqual([6, 7, 8, 9, 10, 18]);
  });

  it('takes allowances one by one, and tells those that nothing needs', () => {
    const found = [{ rule: 'r', file: 'f', detail: 'pool is made a number' }];
    const allowance = { rule: 'r', file: 'f', detail: 'pool', reason: '' };
    expect(withoutAllowed(found, [allowance])).toEqual({ violations: [], unused: [] });
    const other = { ...allowance, file: 'g' };
    expect(withoutAllowed(found, [other])).toEqual({ violations: found, unused: [other] });
  });

  it.each([
    ['amount', true],
    ['revenueShare', true],
    ['MAX_SHARE', true],
    ['netAmounts', true],
    ['netLikes', false],
    ['poolSize', false],
    ['compareWeights', false],
    ['network', false],
    ['separate', false],
  ])('%s says money: %s', (name, says) => {
    expect(saysMoney(name)).toBe(says);
  });
});
