import { amountRuns } from '@rewardbook/domain/close/amount-runs';
import { Decimal } from '@rewardbook/money/decimal';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lorenz as lorenzOf } from './lorenz.ts';

const lorenz = (amounts: bigint[]) => lorenzOf(amountRuns(amounts));

const moneyAt = (amounts: bigint[], creators: string) =>
  lorenz(amounts).find((point) => point.creators === creators)?.money;

it('of equal amounts is the diagonal', () => {
  for (const { creators, money } of lorenz([5n, 5n, 5n])) {
    expect(money).toBe(creators);
  }
});

it('of 1, 2, 3, 4: the smaller half has 3 of 10; between creators it is linear', () => {
  const amounts = [4n, 1n, 3n, 2n];
  expect(moneyAt(amounts, '0.500000')).toBe('0.300000');
  // 0.1 of four creators is 0.4 of the smallest; 0.9 is three and 0.6 of the largest: (6 + 2.4) / 10.
  expect(moneyAt(amounts, '0.100000')).toBe('0.040000');
  expect(moneyAt(amounts, '0.900000')).toBe('0.840000');
});

it('is empty where nothing was shared', () => {
  expect(lorenz([])).toEqual([]);
  expect(lorenz([0n, 0n])).toEqual([]);
});

it('goes from 0 to 1, never above the diagonal, never falling', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 20n }), { minLength: 1 }), (amounts) => {
      const points = lorenz([...amounts, 1n]).map(({ creators, money }) => [new Decimal(creators), new Decimal(money)]);
      expect([points.at(0)?.[1]?.toString(), points.at(-1)?.[1]?.toString()]).toEqual(['0', '1']);
      let last = new Decimal(0);
      for (const [creators = new Decimal(0), money = new Decimal(0)] of points) {
        expect(money.lte(creators) && money.gte(last)).toBe(true);
        last = money;
      }
    }),
  );
});
