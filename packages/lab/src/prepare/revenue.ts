import type { Policy } from '@rewardbook/domain/policy/policy';
import { parsePeriod } from '@rewardbook/domain/values/period';
import { parseGivenAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';
import type { GivenRevenue } from '../question/question.ts';
import { QuestionError } from '../question/question-error.ts';

const MAX_LABEL_SHOWN = 40;

/**
 * Revenue by period, minor units of the policy's currency.
 *
 * @param maxPeriods from the first to the last
 * @throws QuestionError `bad-period`, `bad-amount`, `invalid-request` without any, `too-large`
 */
export function revenueByPeriod(
  given: readonly GivenRevenue[],
  policy: Policy,
  maxPeriods: number,
): Map<string, bigint> {
  const currency = currencyOf(policy.currency);
  const revenue = new Map<string, bigint>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { period, amount } of given) {
    const found = parsePeriod(period);
    if (found?.kind !== policy.period) {
      throw new QuestionError(
        'bad-period',
        `revenue: ${period.slice(0, MAX_LABEL_SHOWN)} is not a ${policy.period}, the period of this program`,
      );
    }
    first = Math.min(first, found.ordinal);
    last = Math.max(last, found.ordinal);
    try {
      revenue.set(period, (revenue.get(period) ?? 0n) + parseGivenAmount(amount, currency));
    } catch (error) {
      if (!(error instanceof MoneyError)) {
        throw error;
      }
      throw new QuestionError('bad-amount', `revenue of ${period}: ${error.message}`, { cause: error });
    }
  }
  if (revenue.size === 0) {
    throw new QuestionError('invalid-request', 'revenue: give that of at least one period');
  }
  if (last - first >= maxPeriods) {
    throw new QuestionError('too-large', `At most ${maxPeriods} periods are closed`);
  }
  return revenue;
}
