import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import type { Boost, Policy } from '../policy/policy.ts';
import { DomainError } from '../values/error.ts';
import { usesPoints } from './allocation.ts';

/** What boosts need to know about a creator. */
export interface BoostFacts {
  /** Followers at the close. Asked for only if a boost has a bound on them. */
  readonly followers: (creatorId: string) => number;
  /**
   * Followers at the previous close; at the first close: at its period's start. Asked for only if a boost depends on
   * growth.
   */
  readonly followersBefore: (creatorId: string) => number;
}

/** A creator's points × 10^scale after all boosts, × 10^(scale + `boostScale`). */
export type Boosting = (creatorId: string, netFollows: number, points: bigint) => bigint;

/** Decimals that boosts add to points. */
export function boostScale(boosts: readonly Boost[]): number {
  return boosts.reduce((sum, { multiplier }) => sum + scaleOf(multiplier), 0);
}

/** Boosts prepared for many creators: each one whose conditions a creator meets multiplies the points, in order. */
export function boosting(boosts: readonly Boost[], facts: BoostFacts): Boosting {
  const ready = boosts.map((boost) => {
    const scale = scaleOf(boost.multiplier);
    const applies = condition(boost, facts);
    return { applies, multiplier: parseScaled(boost.multiplier, scale), one: 10n ** BigInt(scale) };
  });
  return (creatorId, netFollows, points) => {
    let boosted = points;
    for (const { applies, multiplier, one } of ready) {
      boosted *= applies(creatorId, netFollows) ? multiplier : one;
    }
    return boosted;
  };
}

/** A boost, and whether a creator met its conditions. */
export interface SeenBoost {
  readonly name: string;
  readonly multiplier: string;
  readonly applied: boolean;
}

/** Which boosts multiplied a creator's points, by the same conditions as in `boosting`. */
export function explainBoosts(
  boosts: readonly Boost[],
  facts: BoostFacts,
  creatorId: string,
  netFollows: number,
): SeenBoost[] {
  return boosts.map((boost) => {
    const applied = condition(boost, facts)(creatorId, netFollows);
    return { name: boost.name, multiplier: boost.multiplier, applied };
  });
}

/** Whether a boost has a bound on followers. */
export function boostsByFollowers({ boosts }: Pick<Policy, 'boosts'>): boolean {
  return boosts.some(({ when }) => when.minFollowers !== undefined || when.maxFollowers !== undefined);
}

/** Whether a boost depends on growth. */
export function boostsByGrowth({ boosts }: Pick<Policy, 'boosts'>): boolean {
  return boosts.some(({ when }) => when.minGrowth !== undefined);
}

/** Throws DomainError `bad-policy` where a policy has boosts and a method that does not use points. */
export function assertBoostsUsed({ boosts, allocation }: Pick<Policy, 'boosts' | 'allocation'>): void {
  if (boosts.length > 0 && !usesPoints(allocation.method)) {
    throw new DomainError(
      'bad-policy',
      `boosts multiply points, which the method ${allocation.method} does not use: leave them out, or choose another method`,
    );
  }
}

/** `growth = netFollows / followers at the previous close ≥ minGrowth`, compared without dividing. */
function condition(
  { when: { minFollowers, maxFollowers, minGrowth } }: Boost,
  { followers, followersBefore }: BoostFacts,
): (creatorId: string, netFollows: number) => boolean {
  const scale = minGrowth === undefined ? 0 : scaleOf(minGrowth);
  const least = minGrowth === undefined ? 0n : parseScaled(minGrowth, scale);
  const one = 10n ** BigInt(scale);
  return (creatorId, netFollows) => {
    if (minFollowers !== undefined && followers(creatorId) < minFollowers) {
      return false;
    }
    if (maxFollowers !== undefined && followers(creatorId) > maxFollowers) {
      return false;
    }
    if (minGrowth === undefined) {
      return true;
    }
    const before = followersBefore(creatorId);
    return before > 0 && BigInt(netFollows) * one >= least * BigInt(before);
  };
}
