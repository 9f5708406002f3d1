import type { PayoutOut, RunOut } from '@rewardbook/contracts/api/payout-runs';
import type { PayoutRun } from '@rewardbook/db/books/runs';
import type { PayoutTotals, RunPayout } from '@rewardbook/db/lists/payouts';
import { payoutId } from '@rewardbook/domain/payouts/payout-run';
import { payoutStatus } from '@rewardbook/domain/payouts/payout-status';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';

/** Major units with all of the currency's digits. */
export function moneyOut(text: string, currency: Currency): string {
  return formatAmount(parseAmount(text, currency), currency);
}

/** A run in the form that the API returns. */
export function toRunOut(row: PayoutRun, currency: Currency): RunOut {
  const money = (text: string): string => moneyOut(text, currency);
  return {
    runId: row.runId,
    period: row.period,
    status: row.status,
    currency: currency.code,
    policyVersion: row.policyVersion,
    contentHash: row.contentHash,
    payoutCount: row.payoutCount,
    waitingCount: row.waitingCount,
    returnedCount: row.returnedCount,
    gross: money(row.gross),
    withheld: money(row.withheld),
    net: money(row.net),
    returned: money(row.returned),
    settled: row.settled === null ? null : money(row.settled),
    draftedBy: row.draftedBy,
    draftedAt: row.draftedAt.toISOString(),
    approvedBy: row.approvedBy,
    entryKey: row.entryKey,
    settlementKey: row.settlementKey,
  };
}

/** A creator in a run, with the status that it has by its run. */
export function toPayoutOut(run: PayoutRun, row: RunPayout, currency: Currency): PayoutOut {
  const { payoutNumber, isReturned, available, gross, taxedBefore, withheld, net, ...rest } = row;
  return {
    ...rest,
    payoutId: payoutNumber === null ? null : payoutId(run.runId, payoutNumber),
    status: payoutStatus(run.status, { isDue: row.status === 'due', isReturned }),
    available: moneyOut(available, currency),
    gross: moneyOut(gross, currency),
    taxedBefore: moneyOut(taxedBefore, currency),
    withheld: moneyOut(withheld, currency),
    net: moneyOut(net, currency),
  };
}

export function toPayoutTotals({ count, ...sums }: PayoutTotals, currency: Currency): PayoutTotals {
  return {
    count,
    available: moneyOut(sums.available, currency),
    gross: moneyOut(sums.gross, currency),
    withheld: moneyOut(sums.withheld, currency),
    net: moneyOut(sums.net, currency),
  };
}
