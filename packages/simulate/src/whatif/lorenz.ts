import { type AmountRuns, amountAt, sumOfSmallest } from '@rewardbook/domain/close/amount-runs';
import { writeScaled } from '@rewardbook/money/decimal-text';
import { divideHalfEven } from '@rewardbook/money/rounding';

const PLACES = 6;
const UNIT = 10n ** BigInt(PLACES);
// The top is where creators differ, so it has its own points. In thousandths of the creators.
const THOUSANDTHS = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 990, 1000];

/** A point of the Lorenz curve: the poorest `creators` of all (a fraction) have `money` of the sum. Decimal strings, 6 places, half even. */
export interface LorenzPoint {
  readonly creators: string;
  readonly money: string;
}

/**
 * Points of the Lorenz curve of amounts (minor units): L(p) is the part of the sum that the ⌊p·n⌋ smallest have
 * together, plus the fraction p·n − ⌊p·n⌋ of the next one (Lorenz 1905; linear between creators). Exact quotients of
 * bigints. Empty where the sum is zero.
 */
export function lorenz(amounts: AmountRuns): LorenzPoint[] {
  const total = sumOfSmallest(amounts, amounts.count);
  if (total === 0n) {
    return [];
  }
  return THOUSANDTHS.map((thousandths) => {
    const scaled = thousandths * amounts.count;
    const whole = Math.floor(scaled / 1000);
    const part = BigInt(scaled % 1000) * amountAt(amounts, whole);
    return {
      creators: writeScaled(BigInt(thousandths) * 1000n, PLACES),
      money: writeScaled(divideHalfEven((sumOfSmallest(amounts, whole) * 1000n + part) * UNIT, total * 1000n), PLACES),
    };
  });
}
