import { shareOf } from '../values/share-of.ts';

/** What a period has to give; minor units. */
export interface Pool {
  /** The period's entries and the negative sum carried in. */
  readonly revenue: bigint;
  /** The platform's share of the revenue. */
  readonly funded: bigint;
  /** Undistributed money of the periods before. */
  readonly rolledOver: bigint;
  /** `funded + rolledOver` */
  readonly pool: bigint;
  /** Zero or negative: what the next period's revenue has to make up for. */
  readonly negativeRevenueCarriedOut: bigint;
}

export interface PoolInput {
  /** Sum of the period's revenue entries, minor units. */
  readonly revenueEntries: bigint;
  /** Zero or negative. */
  readonly negativeRevenueCarriedIn: bigint;
  readonly rolledOver: bigint;
  /** A decimal between 0 and 1. */
  readonly revenueShare: string;
}

/** `funded = floor(max(0, revenue) × share)`, `pool = funded + rolled over`. */
export function poolOf({ revenueEntries, negativeRevenueCarriedIn, rolledOver, revenueShare }: PoolInput): Pool {
  const revenue = revenueEntries + negativeRevenueCarriedIn;
  const funded = revenue > 0n ? shareOf(revenue, revenueShare) : 0n;
  return {
    revenue,
    funded,
    rolledOver,
    pool: funded + rolledOver,
    negativeRevenueCarriedOut: revenue < 0n ? revenue : 0n,
  };
}
