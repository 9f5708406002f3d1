import type { TrialBalanceRow } from '@rewardbook/contracts/reports';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { readBalances, readBalancesAt } from '../store/balances.ts';
import { datesOf, type ReportContext } from './report.ts';

/** Every account with its debits and credits, now or at the end of a period, and a last row with the totals, which are equal. */
export async function* trialBalance(
  { source, program }: ReportContext,
  period: string | undefined,
): AsyncGenerator<TrialBalanceRow[], void, undefined> {
  const { currency } = program;
  const toRow = (account: string, debit: bigint, credit: bigint): TrialBalanceRow => ({
    account,
    debit: formatAmount(debit, currency),
    credit: formatAmount(credit, currency),
    balance: formatAmount(debit - credit, currency),
    currency: currency.code,
  });
  const balances =
    period === undefined ? readBalances(source, program) : readBalancesAt(source, program, datesOf(program, period).to);
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
