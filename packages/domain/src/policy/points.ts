import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import type { Policy } from './policy.ts';

/** Points of a creator × 10^scale: `carriedIn + weights.like × netLikes + weights.follow × netFollows`. */
export type PointsOf = (netLikes: number, netFollows: number, carriedIn: string | undefined) => bigint;

/**
 * The formula for points with the weights made ready. `scale` must be at least that of the weights and of what is carried in.
 */
export function pointsOf({ weights }: Pick<Policy, 'weights'>, scale: number): PointsOf {
  const like = parseScaled(weights.like, scale);
  const follow = parseScaled(weights.follow, scale);
  return (netLikes, netFollows, carriedIn) => {
    const earned = BigInt(netLikes) * like + BigInt(netFollows) * follow;
    return carriedIn === undefined ? earned : earned + parseScaled(carriedIn, scale);
  };
}

/** Decimals that points, and the least points that eligibility asks for, need under a policy; more where more is carried in. */
export function pointsScale({ weights, eligibility }: Pick<Policy, 'weights' | 'eligibility'>): number {
  return Math.max(scaleOf(weights.like), scaleOf(weights.follow), scaleOf(eligibility.minPoints));
}
