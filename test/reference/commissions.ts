import { localDate } from '@rewardbook/domain/values/time-zone';
import { dayOf } from './followers.ts';
import { inByteOrder } from './hash.ts';
import type { Close } from './history.ts';
import { Decimal } from './split.ts';

/** What scouts get at a close; undefined where the policy pays none. Amounts in major units. */
export function commissionsAt(
  close: Close,
  amounts: ReadonlyMap<string, string>,
  digits: number,
): { scoutId: string; creatorId: string; amount: string }[] | undefined {
  const { scouts, period, timeZone } = close.policy;
  if (scouts === undefined) {
    return undefined;
  }
  const rows = close.creators.flatMap(({ creatorId, scoutId, scoutedOn }) => {
    if (scoutId == null || scoutedOn == null) {
      return [];
    }
    const since = numberOf(localDate(close.start, timeZone)) - numberOf(dayOf(scoutedOn));
    const amount = new Decimal(amounts.get(creatorId) ?? '0')
      .times(scouts.share)
      .toDecimalPlaces(digits, Decimal.ROUND_DOWN);
    return since >= 0 && since < scouts.periods && amount.gt(0)
      ? [{ scoutId, creatorId, amount: amount.toFixed(digits) }]
      : [];
  });
  const byCreator = inByteOrder(rows, (row) => row.creatorId);
  return inByteOrder(byCreator, (row) => row.scoutId);

  /** Months, weeks that begin on Mondays, or days; of a day since 1970-01-01. */
  function numberOf(day: number): number {
    if (period === 'day') {
      return day;
    }
    if (period === 'week') {
      return Math.floor((day + 3) / 7);
    }
    const date = new Date(day * 86_400_000);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  }
}
