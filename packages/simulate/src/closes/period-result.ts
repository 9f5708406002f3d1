import { printedParts } from '@rewardbook/domain/beyond/printed-parts';
import type { CloseResult } from '@rewardbook/domain/close/close';
import { metrics } from '@rewardbook/domain/close/measures';
import type { CreatorResult, ExcludedByRule, PeriodResult } from '@rewardbook/domain/close/result';
import type { LockstepGroup } from '@rewardbook/domain/events/lockstep';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';

/** A close that was worked out; its printed form is made of it on demand. */
export interface PeriodClose {
  readonly period: string;
  readonly policyHash: string;
  readonly currency: Currency;
  readonly result: CloseResult;
  readonly excluded: readonly ExcludedByRule[];
  /** undefined: the policy does not ask for it. */
  readonly lockstep: readonly LockstepGroup[] | undefined;
}

/** What a close moved, with the keys that its printed forms begin with, in their order. */
export function periodMoney({ period, policyHash, currency, result: { pool } }: PeriodClose) {
  return {
    period,
    policyHash,
    revenue: formatAmount(pool.revenue, currency),
    pool: formatAmount(pool.pool, currency),
    allocated: formatAmount(pool.allocated, currency),
    undistributed: formatAmount(pool.undistributed, currency),
  };
}

/** A close as `simulate --json` and `close` print it, keys in their order. */
export function periodResult(close: PeriodClose): PeriodResult {
  const { currency, result, excluded, lockstep } = close;
  const creators: CreatorResult[] = [];
  const amounts: bigint[] = [];
  for (const { amount, void: _void, ...row } of result.creators) {
    creators.push({ ...row, amount: formatAmount(amount, currency) });
    if (row.points !== '0') {
      amounts.push(amount);
    }
  }
  return {
    ...periodMoney(close),
    resultHash: result.resultHash,
    creators,
    excluded,
    metrics: metrics(amounts),
    ...printedParts(result.parts, currency),
    ...(lockstep === undefined ? {} : { lockstep }),
  };
}
