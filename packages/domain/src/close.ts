import type { Currency } from '@rewardbook/money/currency';
import type { CreatorFacts } from './creator.ts';
import type { PeriodBounds } from './period.ts';
import type { Policy } from './policy.ts';
import type { Pool } from './pool.ts';

/** What one creator brings to a close. */
export interface CreatorCounts {
  readonly creatorId: string;
  /** Gained − lost at this close, void losses left out. */
  readonly netLikes: number;
  readonly netFollows: number;
  /** Points carried in, zero or negative, as a plain decimal; left out or "0" where there are none. */
  readonly carriedIn?: string | undefined;
}

export interface CloseInput {
  readonly program: string;
  readonly period: string;
  readonly bounds: PeriodBounds;
  readonly currency: Currency;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly creatorsHash: string;
  /** Sum of the period's revenue entries, minor units. */
  readonly revenueEntries: bigint;
  /** Zero or negative, minor units. */
  readonly negativeRevenueCarriedIn: bigint;
  /** Undistributed money of the periods before, minor units. */
  readonly rolledOver: bigint;
  /** The registered creator, or undefined. Asked only where the policy's eligibility needs it. */
  readonly registered: (creatorId: string) => CreatorFacts | undefined;
  /** Followers at the end of the period. Asked only if minFollowers > 0. */
  readonly followers: (creatorId: string) => number;
  /** By creatorId in byte order, each once. */
  readonly creators: Iterable<CreatorCounts>;
}

/** One creator's row of a close. Points and weights are plain decimals, the amount minor units. */
export interface CloseRow {
  readonly creatorId: string;
  readonly netLikes: number;
  readonly netFollows: number;
  readonly carriedIn: string;
  readonly carriedOut: string;
  readonly points: string;
  readonly weight: string;
  readonly amount: bigint;
  /** Whether positive points were used up for nothing: what was gained here costs nothing when it is lost. */
  readonly void: boolean;
}

export interface CloseResult {
  readonly pool: Pool & { readonly allocated: bigint; readonly undistributed: bigint };
  /** Rows by creatorId in byte order, those with nothing at all left out; made while they are read, any number of times. */
  readonly creators: Iterable<CloseRow>;
  readonly creatorCount: number;
  readonly resultHash: string;
}
