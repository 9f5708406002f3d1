import { amountRuns, rankOf } from '@rewardbook/domain/close/amount-runs';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { type CreatorChange, changesBetween, type PolicyChanges } from '@rewardbook/simulate/whatif/compare';
import type { Outcome } from '@rewardbook/simulate/whatif/outcome';
import { binsOf } from './size-bins.ts';

export const ROW_ORDERS = ['creator', 'before', 'after', 'difference'] as const;

/** A part of the drawing of before against after: bins, both ends included. */
export interface SelectedSizes {
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

/** Which creators of a comparison are listed, and how. */
export interface RowQuery {
  readonly order: (typeof ROW_ORDERS)[number];
  readonly isDescending: boolean;
  /** A part of the id; undefined: all. */
  readonly find: string | undefined;
  readonly sizes: SelectedSizes | undefined;
}

export interface CreatorRows {
  /** How many creators there are of those asked for. */
  readonly count: number;
  rows(from: number, count: number): CreatorChange[];
}

/** The creators of a comparison in an order; rows are written when they are asked for. */
export function creatorRows(a: Outcome, b: Outcome, query: RowQuery): CreatorRows {
  const changes = changesBetween(a, b);
  const places = sorted(changes, query);
  const [ranksBefore, ranksAfter] = [amountRuns(changes.before), amountRuns(changes.after)];
  const rowAt = (place: number): CreatorChange => {
    const [had, has] = [changes.before[place] ?? 0n, changes.after[place] ?? 0n];
    return {
      creatorId: changes.creatorIds[place] ?? '',
      ...amountsOf(had, has, a.currency),
      rankBefore: rankOf(ranksBefore, had),
      rankAfter: rankOf(ranksAfter, has),
    };
  };
  return {
    count: places.length,
    rows: (from, count) => Array.from(places.subarray(from, from + count), rowAt),
  };
}

function amountsOf(
  had: bigint,
  has: bigint,
  currency: Currency,
): Pick<CreatorChange, 'before' | 'after' | 'difference'> {
  return {
    before: formatAmount(had, currency),
    after: formatAmount(has, currency),
    difference: formatAmount(has - had, currency),
  };
}

function sorted(changes: PolicyChanges, { order, isDescending, find, sizes }: RowQuery): Uint32Array {
  const { creatorIds, before, after } = changes;
  const isIn = sizes === undefined ? undefined : within(changes, sizes);
  const wanted: number[] = [];
  for (let place = 0; place < creatorIds.length; place += 1) {
    if ((find === undefined || creatorIds[place]?.includes(find) === true) && (isIn === undefined || isIn(place))) {
      wanted.push(place);
    }
  }
  const places = Uint32Array.from(wanted);
  if (order === 'creator') {
    return isDescending ? places.reverse() : places;
  }
  const amounts =
    order === 'before'
      ? before
      : order === 'after'
        ? after
        : after.map((amount, place) => amount - (before[place] ?? 0n));
  return byAmount(places, amounts, isDescending);
}

/** Equal amounts stay in the order of their ids. */
function byAmount(places: Uint32Array, amounts: readonly bigint[], isDescending: boolean): Uint32Array {
  // Estimates decide almost all pairs, in a fraction of the time; where they are equal the amounts decide.
  const estimates = Float64Array.from(amounts, Number);
  const turn = isDescending ? -1 : 1;
  return places.sort((x, y) => {
    const estimated = (estimates[x] ?? 0) - (estimates[y] ?? 0);
    if (estimated !== 0) {
      return turn * estimated;
    }
    const [a, b] = [amounts[x] ?? 0n, amounts[y] ?? 0n];
    return a === b ? x - y : a < b ? -turn : turn;
  });
}

function within({ before, after }: PolicyChanges, sizes: SelectedSizes): (place: number) => boolean {
  const [had, has] = [binsOf(before), binsOf(after)];
  const [[beforeFrom, beforeTo], [afterFrom, afterTo]] = [sizes.before, sizes.after];
  return (place) => {
    const [x, y] = [had[place] ?? 0, has[place] ?? 0];
    return x >= beforeFrom && x <= beforeTo && y >= afterFrom && y <= afterTo;
  };
}
