import { Decimal as BaseDecimal } from '@rewardbook/money/decimal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics } from './measures.ts';

const Decimal = BaseDecimal.clone({ defaults: true, precision: 60, rounding: BaseDecimal.ROUND_HALF_EVEN });

/** The formulas of textbooks, word by word. */
function measured(amounts: readonly bigint[]) {
  const n = amounts.length;
  const x = amounts.map((amount) => new Decimal(amount.toString())).sort((a, b) => a.comparedTo(b));
  const sum = (values: readonly BaseDecimal[]) => values.reduce((a, b) => a.plus(b), new Decimal(0));
  const total = sum(x);
  const places = (value: BaseDecimal) => value.toFixed(6);
  const top = (q: number) => sum(x.slice(n - new Decimal(q).times(n).ceil().toNumber()));
  const bottom = sum(x.slice(0, new Decimal('0.4').times(n).floor().toNumber()));
  const mean = total.div(n);
  return {
    creators: n,
    gini: places(sum(x.map((value, i) => value.times(2 * (i + 1) - n - 1))).div(total.times(n))),
    top1Share: places(top(0.01).div(total)),
    top10Share: places(top(0.1).div(total)),
    palma: bottom.isZero() ? null : places(top(0.1).div(bottom)),
    hhi: places(sum(x.map((value) => value.div(total).pow(2)))),
    theil: sum(x.map((v) => (v.isZero() ? v : v.div(mean).times(v.div(mean).ln())))).div(n),
  };
}

describe('metrics', () => {
  it('are null where nothing was shared', () => {
    const none = { gini: null, top1Share: null, top10Share: null, palma: null, hhi: null, theilT: null };
    expect(metrics([])).toEqual({ creators: 0, ...none });
    expect(metrics([0n, 0n])).toEqual({ creators: 2, ...none });
  });

  it('of equal amounts', () => {
    expect(metrics(new Array(10).fill(7n))).toEqual({
      creators: 10,
      gini: '0.000000',
      top1Share: '0.100000',
      top10Share: '0.100000',
      palma: '0.250000',
      hhi: '0.100000',
      theilT: '0.000000',
    });
  });

  it('of 1, 2, 3, 4 by hand', () => {
    // Gini (−3·1 − 1·2 + 1·3 + 3·4) / (4·10) = 10/40; HHI (1+4+9+16)/100; Palma 4/1;
    // T = Σ s·ln(4s) = .1 ln .4 + .2 ln .8 + .3 ln 1.2 + .4 ln 1.6 = 0.1064401…
    expect(metrics([4n, 2n, 1n, 3n])).toEqual({
      creators: 4,
      gini: '0.250000',
      top1Share: '0.400000',
      top10Share: '0.400000',
      palma: '4.000000',
      hhi: '0.300000',
      theilT: '0.106440',
    });
  });

  it('of one who takes all: no Palma, T = ln n', () => {
    expect(metrics([0n, 0n, 0n, 0n, 9n])).toEqual({
      creators: 5,
      gini: '0.800000',
      top1Share: '1.000000',
      top10Share: '1.000000',
      palma: null,
      hhi: '1.000000',
      theilT: '1.609438',
    });
    expect(metrics([3n])).toMatchObject({ gini: '0.000000', palma: null, hhi: '1.000000', theilT: '0.000000' });
  });

  it('round half to even', () => {
    // 1 / 2,000,000 = 0.0000005 is half way, the even neighbour is 0; 3 / 2,000,000 goes up to 0.000002.
    expect(metrics([1n, 1_999_999n]).hhi).toBe('0.999999');
    expect(metrics([...new Array(99).fill(0n), 2_000_000n - 1n, 1n]).top10Share).toBe('1.000000');
  });

  it('agree with decimal.js', () => {
    const amount = fc.oneof(
      fc.bigInt({ min: 0n, max: 5n }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
    );
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 40 }), fc.constantFrom(1, 3), (some, times) => {
        const amounts = Array.from({ length: times }, () => some).flat();
        fc.pre(amounts.some((value) => value > 0n));
        const { theilT, ...exact } = metrics(amounts);
        const { theil, ...expected } = measured(amounts);
        expect(exact).toEqual(expected);
        expect(
          theil
            .minus(theilT ?? Number.NaN)
            .abs()
            .toNumber(),
        ).toBeLessThanOrEqual(5.0001e-7);
      }),
    );
  });

  it('refuse negative amounts', () => {
    expect(() => metrics([1n, -1n])).toThrow(RangeError);
  });
});
