import type { PayoutOut, RunOut } from '@rewardbook/contracts/api/payout-runs';
import { payoutId } from '@rewardbook/domain/payouts/payout-run';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import type { PayoutRun, RunPayout } from './run-sql.ts';

/** Major units with all of the currency's digits. */
export function moneyOut(text: string, currency: Currency): string {
  return formatAmount(parseAmount(text, currency), currency);
}

/** A run in the form that the API returns. */
export function toRunOut(row: PayoutRun, currency: Currency): RunOut {
  const { runNumber: _number, draftedSeq: _seq, gross, withheld, net, returned, settled, draftedAt, ...rest } = row;
  const money = (text: string): string => moneyOut(text, currency);
  return {
    ...rest,
    currency: currency.code,
    gross: money(gross),
    withheld: money(withheld),
    net: money(net),
    returned: money(returned),
    settled: settled === null ? null : money(settled),
    draftedAt: draftedAt.toISOString(),
  };
}

/** A creator in a run, with the status that it has by its run. */
export function toPayoutOut(run: PayoutRun, row: RunPayout, currency: Currency): PayoutOut {
  const { payoutNumber, isReturned, available, gross, taxedBefore, withheld, net, ...rest } = row;
  return {
    ...rest,
    payoutId: payoutNumber === null ? null : payoutId(run.runId, payoutNumber),
    status: statusOf(run, row),
    available: moneyOut(available, currency),
    gross: moneyOut(gross, currency),
    taxedBefore: moneyOut(taxedBefore, currency),
    withheld: moneyOut(withheld, currency),
    net: moneyOut(net, currency),
  };
}

function statusOf({ status }: PayoutRun, payout: RunPayout): PayoutOut['status'] {
  if (payout.isReturned) {
    return 'returned';
  }
  if (status === 'discarded') {
    return 'discarded';
  }
  if (payout.status === 'waiting') {
    return 'waiting';
  }
  return status === 'draft' ? 'due' : status;
}
