import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import type { ClosedPeriod } from '@rewardbook/domain/values/closed-periods';
import { comparePeriods } from '@rewardbook/domain/values/period';
import type { PastClose } from '@rewardbook/simulate/closes/simulation';

/** What makes closes comparable: they are numbered by the program's periods, and what they carry over is in its currency. */
export type ProgramKind = Pick<Policy, 'currency' | 'timeZone' | 'period'>;

/** A close that was begun, and what it used. */
export interface RecordedClose extends ClosedPeriod {
  readonly policy: Policy;
  readonly creatorsVersion: number;
  /** Sum of the period's entries, minor units. */
  readonly revenueEntries: bigint;
}

/** A past close whose creators are still to be found. */
export type UnreadPastClose = Omit<PastClose, 'creators'> & { readonly creatorsVersion: number };

export interface BooksBefore {
  /** All closes; empty if the policy is of another kind than the program: then it is tried as if all came in time. */
  readonly closed: readonly ClosedPeriod[];
  /** Those before the first period asked about. */
  readonly past: readonly UnreadPastClose[];
}

/** What the books say of the closes before a question's first period. */
export function booksBefore(
  closes: readonly RecordedClose[],
  program: ProgramKind,
  asked: ProgramKind & { readonly firstPeriod: string | undefined },
): BooksBefore {
  const { firstPeriod } = asked;
  const isOfProgram =
    asked.currency === program.currency && asked.timeZone === program.timeZone && asked.period === program.period;
  if (!isOfProgram) {
    return { closed: [], past: [] };
  }
  const before = closes.filter(({ period }) => firstPeriod !== undefined && comparePeriods(period, firstPeriod) < 0);
  return {
    closed: closes.map(({ period, start, end }) => ({ period, start, end })),
    past: before.map(({ period, policy, creatorsVersion, revenueEntries }) => ({
      ...{ period, policy, policyHash: policyHash(policy) },
      ...{ creatorsVersion, revenueEntries },
    })),
  };
}
