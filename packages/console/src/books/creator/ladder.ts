import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { isZero, negated, sumOf } from '../../format/decimal-text.ts';

/** Where a creator's money is, from what may come to what was paid. `earned + other - paid = held + available`, exactly. */
export interface EarningsLadder {
  /** Of periods that are not closed; null where there is nothing to estimate from. */
  readonly estimated: string | null;
  /** By all closes. */
  readonly earned: string;
  /** Adjustments, clawbacks and the like. */
  readonly other: string;
  readonly held: string;
  readonly available: string;
  /** By approved runs, tax included, less what came back. */
  readonly paid: string;
}

const PAYOUT_ENTRY = /^payout-(?:run|return):/;

/** @param rows a whole statement: no period, no point in time */
export function ladderOf(currency: string, rows: readonly StatementRow[]): EarningsLadder {
  const movements = rows.filter(({ line }) => line === 'movement');
  const sum = (wanted: (row: StatementRow) => boolean): string =>
    sumOf(
      currency,
      movements.filter(wanted).map(({ amount }) => amount ?? '0'),
    );
  const isClose = ({ entry_key }: StatementRow): boolean => entry_key?.startsWith('close:') === true;
  const isPayout = ({ entry_key }: StatementRow): boolean => entry_key !== null && PAYOUT_ENTRY.test(entry_key);
  const isHeld = ({ account }: StatementRow): boolean => account?.endsWith(':held') === true;
  const estimates = rows.filter(({ line }) => line === 'estimate').map(({ amount }) => amount);
  return {
    estimated:
      estimates.length === 0
        ? null
        : sumOf(
            currency,
            estimates.map((amount) => amount ?? '0'),
          ),
    earned: sum(isClose),
    other: sum((row) => !isClose(row) && !isPayout(row)),
    held: sum(isHeld),
    available: sum((row) => !isHeld(row)),
    paid: negated(currency, sum(isPayout)),
  };
}

/** What stands between earning and being paid, in words; undefined: nothing does. */
export function describeWaiting(ladder: EarningsLadder): string | undefined {
  return isZero(ladder.held) ? undefined : 'released after the periods that the policy names';
}
