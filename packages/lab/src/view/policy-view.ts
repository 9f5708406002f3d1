import { type AmountRuns, sumOfSmallest } from '@rewardbook/domain/close/amount-runs';
import { formatAmount } from '@rewardbook/money/amount';
import { parseScaled } from '@rewardbook/money/decimal';
import { writeScaled } from '@rewardbook/money/decimal-text';
import { divideHalfEven } from '@rewardbook/money/rounding';
import {
  type ComparisonSummary,
  changesBetween,
  type PolicyChanges,
  summarizeChanges,
} from '@rewardbook/simulate/whatif/compare';
import { type LorenzPoint, lorenz } from '@rewardbook/simulate/whatif/lorenz';
import type { Outcome } from '@rewardbook/simulate/whatif/outcome';
import { binsOf } from './size-bins.ts';

/** A figure before and after, and how they differ, each as exact text; null where there is no such figure. */
export interface ChangedFigure {
  readonly before: string | null;
  readonly after: string | null;
  readonly difference: string | null;
}

/** Creators who fall into one cell of a drawing with logarithmic axes. */
export interface SizeCell {
  /** Bins of what they had and have. */
  readonly before: number;
  readonly after: number;
  readonly creators: number;
}

/** How many creators have an amount of a bin. */
export interface SizeBin {
  readonly bin: number;
  readonly before: number;
  readonly after: number;
}

/** A period of both, without what takes long. */
export interface PeriodView {
  readonly period: string;
  readonly pool: ChangedFigure;
  readonly undistributed: ChangedFigure;
}

/** What a page shows of two policies on the same events, but for the creators one by one. Money in major units. */
export interface PolicyView extends ComparisonSummary {
  readonly currency: string;
  readonly policyHash: { readonly before: string; readonly after: string };
  readonly creators: number;
  /** Nobody has more or less, and nothing else of the money differs. */
  readonly isSame: boolean;
  readonly pool: ChangedFigure;
  readonly undistributed: ChangedFigure;
  /** Creators who get something. */
  readonly paid: ChangedFigure;
  readonly gini: ChangedFigure;
  /** Shares of the largest 1, 10 and 50 % of the creators with points. */
  readonly top: readonly (ChangedFigure & { readonly percent: number })[];
  readonly lorenz: { readonly before: readonly LorenzPoint[]; readonly after: readonly LorenzPoint[] };
  readonly cells: readonly SizeCell[];
  readonly sizes: readonly SizeBin[];
  readonly periods: readonly PeriodView[];
}

const PLACES = 6;
const TOP_PERCENTS = [1, 10, 50] as const;

/** Throws DomainError `bad-policy` for policies of different kinds of programs. */
export function viewPolicies(a: Outcome, b: Outcome): PolicyView {
  const summary = summarizeChanges(a, b);
  const changes = changesBetween(a, b);
  const { currency } = a;
  const money = (before: bigint, after: bigint): ChangedFigure => ({
    before: formatAmount(before, currency),
    after: formatAmount(after, currency),
    difference: formatAmount(after - before, currency),
  });
  const [paidBefore, paidAfter] = [paidOf(a.earnings), paidOf(b.earnings)];
  return {
    ...summary,
    currency: currency.code,
    policyHash: { before: a.policyHash, after: b.policyHash },
    creators: changes.creatorIds.length,
    isSame: summary.winners + summary.losers === 0 && a.funded === b.funded && a.undistributed === b.undistributed,
    pool: money(a.funded, b.funded),
    undistributed: money(a.undistributed, b.undistributed),
    paid: { before: `${paidBefore}`, after: `${paidAfter}`, difference: `${paidAfter - paidBefore}` },
    gini: fractions(a.metrics.gini, b.metrics.gini),
    top: TOP_PERCENTS.map((percent) => ({
      percent,
      ...fractions(topShare(a.earnings, percent), topShare(b.earnings, percent)),
    })),
    lorenz: { before: lorenz(a.earnings), after: lorenz(b.earnings) },
    ...sizesOf(changes),
    periods: a.periods.map((period, index) => ({
      period: period.period,
      pool: texts(period.pool, b.periods[index]?.pool ?? null, currency.digits),
      undistributed: texts(period.undistributed, b.periods[index]?.undistributed ?? null, currency.digits),
    })),
  };
}

/** How many amounts are above zero. */
function paidOf({ count, values, ends }: AmountRuns): number {
  return values[0] === 0n ? count - (ends[0] ?? 0) : count;
}

/** Share of the ⌈q·n⌉ largest, six places, half even. */
function topShare(runs: AmountRuns, percent: number): string | null {
  const total = sumOfSmallest(runs, runs.count);
  if (total === 0n) {
    return null;
  }
  const largest = Math.ceil((runs.count * percent) / 100);
  const sum = total - sumOfSmallest(runs, runs.count - largest);
  return writeScaled(divideHalfEven(sum * 10n ** BigInt(PLACES), total), PLACES);
}

function fractions(before: string | null, after: string | null): ChangedFigure {
  return texts(before, after, PLACES);
}

function texts(before: string | null, after: string | null, scale: number): ChangedFigure {
  const difference =
    before === null || after === null
      ? null
      : writeScaled(parseScaled(after, scale) - parseScaled(before, scale), scale);
  return { before, after, difference };
}

function sizesOf({ before, after }: PolicyChanges): Pick<PolicyView, 'cells' | 'sizes'> {
  const [had, has] = [binsOf(before), binsOf(after)];
  const most = Math.max(had.reduce(larger, 0), has.reduce(larger, 0)) + 2;
  const counts = new Uint32Array(most * most);
  for (let place = 0; place < had.length; place += 1) {
    const cell = ((had[place] ?? 0) + 1) * most + (has[place] ?? 0) + 1;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const cells: SizeCell[] = [];
  const sizes = Array.from({ length: most }, (_, row) => ({ bin: row - 1, before: 0, after: 0 }));
  for (const [cell, creators] of counts.entries()) {
    if (creators === 0) {
      continue;
    }
    const [row, column] = [Math.floor(cell / most), cell % most];
    cells.push({ before: row - 1, after: column - 1, creators });
    const [ofBefore, ofAfter] = [sizes[row], sizes[column]];
    if (ofBefore !== undefined && ofAfter !== undefined) {
      ofBefore.before += creators;
      ofAfter.after += creators;
    }
  }
  return { cells, sizes: sizes.filter((bin) => bin.before + bin.after > 0) };
}

function larger(a: number, b: number): number {
  return Math.max(a, b);
}
