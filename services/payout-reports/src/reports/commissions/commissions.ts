import type { CommissionReportRow } from '@rewardbook/contracts/api/reports';
import { lastScoutedPeriod } from '@rewardbook/domain/beyond/commissions';
import { assertPeriodOf } from '@rewardbook/domain/values/period';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ReportContext } from '../../service/report-context.ts';
import { type CommissionFilter, readCommissions } from './sql.ts';

/** What closes gave scouts: a row for each creator, by period, scout and creator. Throws DomainError `bad-period`. */
export async function* commissions(
  { source, program }: ReportContext,
  filter: CommissionFilter,
): AsyncGenerator<CommissionReportRow[], void, undefined> {
  const { currency, periodKind } = program;
  if (filter.period !== undefined) {
    assertPeriodOf(program, filter.period);
  }
  const money = (text: string): string => formatAmount(parseAmount(text, currency), currency);
  for await (const batch of readCommissions(source, program, filter)) {
    yield batch.map(({ scoutedOn, periods, base, amount, ...row }) => ({
      period: row.period,
      scout_id: row.scoutId,
      creator_id: row.creatorId,
      scouted_on: scoutedOn,
      last_period: lastScoutedPeriod(periodKind, scoutedOn, periods),
      base: money(base),
      share: row.share,
      amount: money(amount),
      currency: currency.code,
      paid_by: row.paidBy,
      entry_key: row.entryKey,
    }));
  }
}
