import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { formatPeriod, periodOf } from '@rewardbook/domain/values/period';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ExplainedCreator } from './explanation-scope.ts';
import { findHoldback, listPayments } from './sql/entries.ts';

const MAX_PAYMENTS = 100;

/** What was held back of an amount, and the runs that had the creator since. */
export async function explainedPayout({
  context,
  creatorId,
  period,
  close,
}: ExplainedCreator): Promise<Explanation['payout']> {
  const { sql, program } = context;
  const { currency, programId } = program;
  const money = (text: string): string => formatAmount(parseAmount(text, currency), currency);
  const held = await findHoldback(sql, programId, creatorId, close.closeNo);
  const payments = await listPayments(sql, programId, creatorId, period, MAX_PAYMENTS);
  return {
    holdback:
      held === undefined
        ? null
        : { amount: money(held.amount), releasedAfter: later(period, held.dueClose - close.closeNo) },
    payments: payments.map(({ available, gross, taxedBefore, withheld, net, ...row }) => ({
      ...row,
      available: money(available),
      gross: money(gross),
      taxedBefore: money(taxedBefore),
      withheld: money(withheld),
      net: money(net),
    })),
  };
}

/** Closes go period by period without gaps. */
function later(period: string, closes: number): string {
  const { kind, ordinal } = periodOf(period);
  return formatPeriod({ kind, ordinal: ordinal + closes });
}
