import { type EligibilityInput, eligibility } from '../policy/eligibility.ts';
import type { Policy } from '../policy/policy.ts';
import { DomainError } from '../values/error.ts';
import { boosting, boostScale } from './boost.ts';
import type { CloseColumns } from './close-columns.ts';

/** Who uses points, and how many: positive ones of eligible creators, after boosts. */
export interface UsedPoints {
  /** Indexes into the rows; weights and parts refer to creators by their place in this list. */
  readonly users: readonly number[];
  /** Above zero, × 10^scale. */
  readonly points: readonly bigint[];
  readonly scale: number;
  /** Rows of eligible creators whose points a boost made zero: used up, and not void. */
  readonly boostedAway: ReadonlySet<number>;
}

export interface UsedPointsInput extends Omit<EligibilityInput, 'scale'> {
  readonly policy: EligibilityInput['policy'] & Pick<Policy, 'boosts'>;
  readonly followersBefore?: ((creatorId: string) => number) | undefined;
}

/** @param all points of all creators before boosts, × 10^scale */
export function usedPoints(
  input: UsedPointsInput,
  rows: CloseColumns,
  all: readonly bigint[],
  scale: number,
): UsedPoints {
  const { boosts } = input.policy;
  const isEligible = eligibility({ ...input, scale });
  const boost = boosting(boosts, {
    followers: input.followers,
    followersBefore: (creatorId) => {
      if (input.followersBefore === undefined) {
        throw new DomainError('bad-close', 'A boost depends on growth: give the followers at the previous close');
      }
      return input.followersBefore(creatorId);
    },
  });
  const users: number[] = [];
  const points: bigint[] = [];
  const boostedAway = new Set<number>();
  for (const [index, value] of all.entries()) {
    const creatorId = rows.creatorIds[index] ?? '';
    if (value <= 0n || !isEligible(creatorId, value)) {
      continue;
    }
    const boosted = boosts.length === 0 ? value : boost(creatorId, rows.netFollows[index] ?? 0, value);
    if (boosted === 0n) {
      boostedAway.add(index);
    } else {
      users.push(index);
      points.push(boosted);
    }
  }
  return { users, points, scale: scale + boostScale(boosts), boostedAway };
}
