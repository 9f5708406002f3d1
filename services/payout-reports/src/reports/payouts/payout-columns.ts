import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { formatScaled } from '@rewardbook/money/decimal';
import { divideHalfEven } from '@rewardbook/money/rounding';
import type { CloseFlow } from './payout-projection.ts';
import type { GivenByKind, PayableFlow } from './sql/payable-flows.ts';

const POOL_SHARE_PLACES = 9;

/** What moved, in minor units. */
export function flowOf(row: PayableFlow, currency: Currency): CloseFlow {
  return {
    allocated: parseAmount(row.allocated, currency),
    adjustment: parseAmount(row.adjustment, currency),
    held: parseAmount(row.held, currency),
    released: parseAmount(row.released, currency),
    returned: parseAmount(row.returned, currency),
  };
}

/** What moved, as columns. */
export function flowTexts(flow: CloseFlow, currency: Currency) {
  return {
    allocated: formatAmount(flow.allocated, currency),
    adjustment: formatAmount(flow.adjustment, currency),
    held: formatAmount(flow.held, currency),
    released: formatAmount(flow.released, currency),
    returned: formatAmount(flow.returned, currency),
  };
}

/** What of `allocated` came for what, as columns; zero for who got nothing of the closes. */
export function givenTexts(row: GivenByKind | undefined, currency: Currency) {
  const money = (text = '0'): string => formatAmount(parseAmount(text, currency), currency);
  return {
    pool_amount: money(row?.poolAmount),
    commission_paid: money(row?.commissionPaid),
    commission_earned: money(row?.commissionEarned),
  };
}

/** A part of the pool as a fraction of 1; null where there was no pool. */
export function shareOfPool(part: bigint, pool: bigint): string | null {
  if (pool === 0n) {
    return null;
  }
  return formatScaled(divideHalfEven(part * 10n ** BigInt(POOL_SHARE_PLACES), pool), POOL_SHARE_PLACES);
}
