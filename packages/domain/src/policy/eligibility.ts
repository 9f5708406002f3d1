import { parseScaled } from '@rewardbook/money/decimal';
import { parseDate } from '../values/calendar.ts';
import type { PeriodBounds } from '../values/period.ts';
import { localDate } from '../values/time-zone.ts';
import type { CreatorFacts } from './creator.ts';
import type { Policy } from './policy.ts';

export interface EligibilityInput {
  readonly policy: Pick<Policy, 'eligibility' | 'timeZone'>;
  readonly bounds: PeriodBounds;
  readonly registered: (creatorId: string) => CreatorFacts | undefined;
  readonly followers: (creatorId: string) => number;
  /** Decimals of the points that are asked about. */
  readonly scale: number;
}

/** Whether a creator with these points (before boosts, × 10^scale) may earn, by the state at the end of the period. */
export type Eligibility = (creatorId: string, points: bigint) => boolean;

/** The policy's conditions, prepared for many creators. Conditions that the policy does not set are not asked. */
export function eligibility({ policy, bounds, registered, followers, scale }: EligibilityInput): Eligibility {
  const { registeredOnly, minFollowers, minPoints, minAccountAgeDays, countries } = policy.eligibility;
  const leastPoints = parseScaled(minPoints, scale);
  const allowed = countries && new Set(countries);
  const conditions: ((creator: CreatorFacts | undefined) => boolean)[] = [];
  if (registeredOnly) {
    conditions.push((creator) => creator !== undefined);
  }
  if (allowed) {
    conditions.push((creator) => creator?.country != null && allowed.has(creator.country));
  }
  if (minAccountAgeDays > 0) {
    const endsOn = localDate(bounds.end, policy.timeZone);
    conditions.push((creator) => accountAge(creator, endsOn) >= minAccountAgeDays);
  }
  return (creatorId, points) => {
    if (points < leastPoints) {
      return false;
    }
    if (conditions.length > 0) {
      const creator = registered(creatorId);
      if (!conditions.every((holds) => holds(creator))) {
        return false;
      }
    }
    return minFollowers === 0 || followers(creatorId) >= minFollowers;
  };
}

/** Days from joining to a date; one who is not registered, or whose date is not known, has no age that is enough. */
export function accountAge(creator: CreatorFacts | undefined, date: number): number {
  const joinedOn = creator?.joinedOn == null ? undefined : parseDate(creator.joinedOn);
  return joinedOn === undefined ? Number.NEGATIVE_INFINITY : date - joinedOn;
}
