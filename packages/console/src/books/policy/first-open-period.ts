import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import { nextPeriod } from '@rewardbook/domain/values/period';

/** The first period that is neither closing nor closed, from which a new policy holds; null: nothing is closed yet. */
export function firstOpenPeriod(periods: readonly Pick<PeriodOut, 'period' | 'status'>[]): string | null {
  const last = periods.filter(({ status }) => status !== 'open').at(-1);
  return last === undefined ? null : nextPeriod(last.period);
}
