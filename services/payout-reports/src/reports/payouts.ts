import type { PayoutRow } from '@rewardbook/contracts/reports';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { formatScaled } from '@rewardbook/money/decimal';
import { divideHalfEven } from '@rewardbook/money/rounding';
import { AppError } from '@rewardbook/runtime/errors';
import {
  carriesOver,
  type PayoutTerms,
  type ProjectedPayout,
  payoutTerms,
  projectPayouts,
} from '../payout-projection.ts';
import { type AllocationRow, readAllocations } from '../store/allocations.ts';
import { type ClosePeriod, listCloses } from '../store/periods.ts';
import { datesOf, type ReportContext } from './report.ts';

const POOL_SHARE_PLACES = 9;

/**
 * Payouts: a row for each creator of each closed period, by period, then creator. Without payout runs yet, each row is what a
 * run after that close pays (`projectPayouts`).
 */
export async function payouts(
  context: ReportContext,
  filter: { readonly period: string | undefined; readonly creatorId: string | undefined },
): Promise<AsyncIterable<PayoutRow[]>> {
  const closes = await closedPeriods(context);
  if (filter.period !== undefined) {
    datesOf(context.program, filter.period);
    if (!closes.some((close) => close.period === filter.period)) {
      throw new AppError('not-closed', `Period ${filter.period} is not closed; there are payouts once it is`);
    }
  }
  const wanted = filter.period === undefined ? closes : closes.filter((close) => close.period === filter.period);
  return rowsOf(context, closes, wanted, filter.creatorId);
}

/** How many payouts of each close are due and how many wait, in one pass over all of them. */
export async function countPayouts(context: ReportContext): Promise<Map<number, { due: number; waiting: number }>> {
  const closes = await closedPeriods(context);
  const counts = new Map(closes.map(({ closeNo }) => [closeNo, { due: 0, waiting: 0 }]));
  const terms = termsOf(closes);
  const range = { firstClose: 1, lastClose: closes.length, creatorId: undefined };
  for await (const creator of byCreator(context, range)) {
    for (const payout of project(context, terms, creator)) {
      const count = counts.get(payout.closeNo);
      if (count !== undefined) count[payout.status] += 1;
    }
  }
  return counts;
}

async function closedPeriods({ sql, program }: ReportContext): Promise<ClosePeriod[]> {
  return (await listCloses(sql, program.programId)).filter((close) => close.status === 'closed');
}

async function* rowsOf(
  context: ReportContext,
  closes: readonly ClosePeriod[],
  wanted: readonly ClosePeriod[],
  creatorId: string | undefined,
): AsyncGenerator<PayoutRow[], void, undefined> {
  const allTerms = termsOf(closes);
  for (const close of wanted) {
    const upTo = allTerms.filter((term) => term.closeNo <= close.closeNo);
    // Where nothing can be left over, what was before does not matter and need not be read.
    const terms = carriesOver(upTo) ? upTo : upTo.slice(-1);
    const range = { firstClose: terms[0]?.closeNo ?? close.closeNo, lastClose: close.closeNo, creatorId };
    let rows: PayoutRow[] = [];
    for await (const creator of byCreator(context, range)) {
      for (const payout of project(context, terms, creator)) {
        if (payout.closeNo === close.closeNo) rows.push(toRow(context, close, payout, creator));
      }
      if (rows.length >= 1000) {
        yield rows;
        rows = [];
      }
    }
    if (rows.length > 0) yield rows;
  }
}

function termsOf(closes: readonly ClosePeriod[]): PayoutTerms[] {
  return closes.map((close) => payoutTerms(close.closeNo, close.policy));
}

/** A creator's allocations in the range, in order of closes; never empty. */
type CreatorAllocations = readonly [AllocationRow, ...AllocationRow[]];

async function* byCreator(
  { source, program }: ReportContext,
  range: Parameters<typeof readAllocations>[2],
): AsyncGenerator<CreatorAllocations, void, undefined> {
  let group: [AllocationRow, ...AllocationRow[]] | undefined;
  for await (const batch of readAllocations(source, program, range)) {
    for (const row of batch) {
      if (group !== undefined && group[0].creatorId === row.creatorId) {
        group.push(row);
      } else {
        if (group !== undefined) yield group;
        group = [row];
      }
    }
  }
  if (group !== undefined) yield group;
}

function project(
  { program }: ReportContext,
  terms: readonly PayoutTerms[],
  allocations: CreatorAllocations,
): Generator<ProjectedPayout> {
  const amounts = new Map(allocations.map((row) => [row.closeNo, parseAmount(row.amount, program.currency)]));
  return projectPayouts(terms, amounts, allocations[0]);
}

function toRow(
  { program: { currency } }: ReportContext,
  close: ClosePeriod,
  payout: ProjectedPayout,
  allocations: CreatorAllocations,
): PayoutRow {
  const allocation = allocations.find((row) => row.closeNo === close.closeNo);
  const pool = parseAmount(close.pool ?? '0', currency);
  const money = (minor: bigint): string => formatAmount(minor, currency);
  return {
    period: close.period,
    run_id: null,
    payout_id: null,
    creator_id: allocations[0].creatorId,
    likes: allocation?.likes ?? 0,
    follows: allocation?.follows ?? 0,
    points: allocation?.points ?? '0',
    weight: allocation?.weight ?? '0',
    pool_share: pool === 0n ? null : fraction(payout.allocated, pool),
    currency: currency.code,
    gross: money(payout.gross),
    adjustment: money(0n),
    held: money(payout.held),
    released: money(payout.released),
    withholding: money(payout.withholding),
    net: money(payout.net),
    carried_in: money(payout.carriedIn),
    carried_out: money(payout.carriedOut),
    status: payout.status,
    status_reason: payout.reason,
    policy_version: close.policyVersion,
    entry_key: close.entryKey ?? '',
    allocated: money(payout.allocated),
  };
}

function fraction(part: bigint, whole: bigint): string {
  return formatScaled(divideHalfEven(part * 10n ** BigInt(POOL_SHARE_PLACES), whole), POOL_SHARE_PLACES);
}
