import { formatScaled } from '@rewardbook/money/decimal';
import { localDate } from '../values/time-zone.ts';
import { accountAge, type EligibilityInput, eligibility } from './eligibility.ts';

/** A condition of eligibility as a close saw it for one creator. `seen` is null where nothing was known. */
export interface SeenCondition {
  readonly condition: 'registeredOnly' | 'minPoints' | 'countries' | 'minAccountAgeDays' | 'minFollowers';
  readonly required: string;
  readonly seen: string | null;
  readonly holds: boolean;
}

export interface ExplainedEligibility {
  /** By `eligibility` itself, so that an explanation cannot decide otherwise than a close. */
  readonly eligible: boolean;
  /** Those that the policy sets. */
  readonly conditions: readonly SeenCondition[];
}

/** Each condition that the policy sets, with what it saw. `points`: before boosts, × 10^scale. */
export function explainEligibility(input: EligibilityInput, creatorId: string, points: bigint): ExplainedEligibility {
  const { policy, bounds, registered, followers, scale } = input;
  const { registeredOnly, minFollowers, minPoints, minAccountAgeDays, countries } = policy.eligibility;
  const creator = registered(creatorId);
  const country = creator?.country ?? null;
  const conditions: SeenCondition[] = [];
  if (registeredOnly) {
    const holds = creator !== undefined;
    conditions.push({ condition: 'registeredOnly', required: 'registered', seen: holds ? 'registered' : null, holds });
  }
  if (minPoints !== '0') {
    const holds = eligibility({ ...input, policy: onlyPoints(input) })(creatorId, points);
    conditions.push({ condition: 'minPoints', required: minPoints, seen: formatScaled(points, scale), holds });
  }
  if (countries !== undefined) {
    const holds = country !== null && countries.includes(country);
    conditions.push({ condition: 'countries', required: countries.join(' '), seen: country, holds });
  }
  if (minAccountAgeDays > 0) {
    const age = accountAge(creator, localDate(bounds.end, policy.timeZone));
    const seen = Number.isFinite(age) ? String(age) : null;
    const holds = age >= minAccountAgeDays;
    conditions.push({ condition: 'minAccountAgeDays', required: String(minAccountAgeDays), seen, holds });
  }
  if (minFollowers > 0) {
    const seen = followers(creatorId);
    const holds = seen >= minFollowers;
    conditions.push({ condition: 'minFollowers', required: String(minFollowers), seen: String(seen), holds });
  }
  return { eligible: points > 0n && eligibility(input)(creatorId, points), conditions };
}

function onlyPoints({ policy }: EligibilityInput): EligibilityInput['policy'] {
  const { minPoints } = policy.eligibility;
  return {
    timeZone: policy.timeZone,
    eligibility: { registeredOnly: false, minFollowers: 0, minPoints, minAccountAgeDays: 0 },
  };
}
