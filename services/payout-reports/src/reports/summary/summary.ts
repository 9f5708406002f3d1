import type { SummaryRow } from '@rewardbook/contracts/api/reports';
import { type MetricsOut, metricsSchema } from '@rewardbook/contracts/api/result';
import { type CloseWithPolicy, listClosesWithPolicies } from '@rewardbook/db/books/closes';
import { comparePeriods, nextPeriod } from '@rewardbook/domain/values/period';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { AppError } from '@rewardbook/runtime/http/errors';
import { listOpenPeriods, type OpenPeriod } from '../../service/periods-sql.ts';
import { datesOf, type ReportContext } from '../../service/report-context.ts';
import { countPayouts, type PayoutCount } from '../payouts/payouts.ts';
import { exclusionColumns } from './exclusion-columns.ts';

/** A row for each period, in order: closed and closing ones, and open ones that have revenue. */
export async function summary(
  context: ReportContext,
  period: string | undefined,
): Promise<AsyncIterable<SummaryRow[]>> {
  const { sql, program } = context;
  if (period !== undefined) {
    datesOf(program, period);
  }
  const [closes, open] = await Promise.all([
    listClosesWithPolicies(sql, program.programId),
    listOpenPeriods(sql, program.programId),
  ]);
  const isWanted = (one: { period: string }): boolean => period === undefined || one.period === period;
  const wantedCloses = closes.filter(isWanted);
  const wantedOpen = open.filter(isWanted);
  if (period !== undefined && wantedCloses.length + wantedOpen.length === 0) {
    throw new AppError('not-found', `Period ${period} has no revenue and no close yet`);
  }
  return rowsOf(context, { closes: wantedCloses, open: wantedOpen, carried: carriedRevenue(closes, open) });
}

async function* rowsOf(
  context: ReportContext,
  { closes, open, carried }: Periods,
): AsyncGenerator<SummaryRow[], void, undefined> {
  const counts = closes.some((close) => close.status === 'closed') ? await countPayouts(context) : new Map();
  const rows = [
    ...closes.map((close) => closeRow(context, close, counts.get(close.closeNo))),
    ...open.map((one) => openRow(context, one, carried)),
  ];
  yield rows.sort((a, b) => comparePeriods(a.period, b.period));
}

/** Closes and open periods that are asked for, and what is carried into the next one to be closed. */
interface Periods {
  readonly closes: readonly CloseWithPolicy[];
  readonly open: readonly OpenPeriod[];
  readonly carried: CarriedRevenue;
}

/** Revenue that the last close carries into the next period; null while it is not closed. */
interface CarriedRevenue {
  readonly into: string | undefined;
  readonly amount: string | null;
}

function carriedRevenue(closes: readonly CloseWithPolicy[], open: readonly OpenPeriod[]): CarriedRevenue {
  const last = closes.at(-1);
  if (last === undefined) {
    return { into: open[0]?.period, amount: '0' };
  }
  return { into: nextPeriod(last.period), amount: last.revenueCarriedOut };
}

function closeRow(
  { program: { currency } }: ReportContext,
  close: CloseWithPolicy,
  count: PayoutCount | undefined,
): SummaryRow {
  const money = (text: string | null): string | null =>
    text === null ? null : formatAmount(parseAmount(text, currency), currency);
  return {
    period: close.period,
    status: close.status,
    currency: currency.code,
    ...revenueColumns(close.revenueEntries, close.revenueCarriedIn, currency),
    share: close.policy.revenueShare,
    funded: money(close.funded),
    rolled_over: money(close.rolledOver),
    pool: money(close.pool),
    allocated: money(close.allocated),
    undistributed: money(close.undistributed),
    creators_paid: count?.paid ?? null,
    creators_waiting: count?.waiting ?? null,
    ...measures(close.metrics === null ? undefined : metricsSchema.parse(JSON.parse(close.metrics))),
    ...exclusionColumns(close.excluded),
    policy_version: close.policyVersion,
    result_hash: close.resultHash,
    entry_key: close.entryKey,
  };
}

function openRow(
  { program: { currency } }: ReportContext,
  { period, revenue }: OpenPeriod,
  { into, amount }: CarriedRevenue,
): SummaryRow {
  return {
    period,
    status: 'open',
    currency: currency.code,
    ...revenueColumns(revenue, period === into ? amount : null, currency),
    share: null,
    funded: null,
    rolled_over: null,
    pool: null,
    allocated: null,
    undistributed: null,
    creators_paid: null,
    creators_waiting: null,
    ...measures(undefined),
    ...exclusionColumns(null),
    policy_version: null,
    result_hash: null,
    entry_key: null,
  };
}

/** What is used, as a close's result has it, and what it is made of. */
function revenueColumns(entries: string, carriedIn: string | null, currency: Currency) {
  const [booked, carried] = [parseAmount(entries, currency), parseAmount(carriedIn ?? '0', currency)];
  return {
    revenue: formatAmount(booked + carried, currency),
    revenue_entries: formatAmount(booked, currency),
    revenue_carried_in: carriedIn === null ? null : formatAmount(carried, currency),
  };
}

function measures(metrics: MetricsOut | undefined) {
  return {
    creators: metrics?.creators ?? null,
    gini: metrics?.gini ?? null,
    top1_share: metrics?.top1Share ?? null,
    top10_share: metrics?.top10Share ?? null,
    palma: metrics?.palma ?? null,
    hhi: metrics?.hhi ?? null,
    theil_t: metrics?.theilT ?? null,
  };
}
