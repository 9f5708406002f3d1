import type { TrialBalanceRow } from '@rewardbook/contracts/api/reports';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { datesOf, earlierDate, type ReportContext } from '../../service/report-context.ts';
import { readBalances, readBalancesAt } from './sql.ts';

/** When: at the end of a period, as of a posting time (the context then ends there), on an effective date. */
export interface BalanceTime {
  readonly period: string | undefined;
  readonly asOf: string | undefined;
  readonly effective: string | undefined;
}

/** Every account with its debits and credits, now or at a point in time, and a last row with the totals, which are equal. */
export async function* trialBalance(
  { source, program }: ReportContext,
  { period, asOf, effective }: BalanceTime,
): AsyncGenerator<TrialBalanceRow[], void, undefined> {
  const { currency } = program;
  const toRow = (account: string, debit: bigint, credit: bigint): TrialBalanceRow => ({
    account,
    debit: formatAmount(debit, currency),
    credit: formatAmount(credit, currency),
    balance: formatAmount(debit - credit, currency),
    currency: currency.code,
  });
  const date = earlierDate(period === undefined ? undefined : datesOf(program, period).to, effective);
  const isNow = date === undefined && asOf === undefined;
  const balances = isNow ? readBalances(source, program) : readBalancesAt(source, program, date);
  let totalDebit = 0n;
  let totalCredit = 0n;
  for await (const batch of balances) {
    yield batch.map(({ account, ...row }) => {
      const debit = parseAmount(row.debit, currency);
      const credit = parseAmount(row.credit, currency);
      totalDebit += debit;
      totalCredit += credit;
      return toRow(account, debit, credit);
    });
  }
  yield [toRow('(total)', totalDebit, totalCredit)];
}
