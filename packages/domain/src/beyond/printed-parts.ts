import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import type { BenefitPart, CloseParts } from './close-parts.ts';

/** The parts as `simulate --json` and `close` print them, keys in their order; money in major units. */
export interface PrintedParts {
  readonly campaigns?: readonly PrintedCampaign[];
  readonly gifts?: readonly PrintedGift[];
  readonly commissions?: readonly { readonly scoutId: string; readonly creatorId: string; readonly amount: string }[];
  readonly shares?: readonly { readonly creatorId: string; readonly memberId: string; readonly amount: string }[];
  readonly benefits?: readonly BenefitPart[];
}

export interface PrintedCampaign {
  readonly campaign: string;
  readonly pool: string;
  readonly allocated: string;
  readonly undistributed: string;
  readonly creators: readonly {
    readonly creatorId: string;
    readonly netLikes: number;
    readonly carriedIn: string;
    readonly carriedOut: string;
    readonly points: string;
    readonly amount: string;
  }[];
}

export interface PrintedGift {
  readonly creatorId: string;
  readonly gifted: string;
  readonly carriedIn: string;
  readonly carriedOut: string;
  readonly amount: string;
}

/** What of the parts is printed. */
export function printedParts(parts: CloseParts, currency: Currency): PrintedParts {
  const { campaigns, gifts, commissions, shares, benefits } = parts;
  const money = (minor: bigint): string => formatAmount(minor, currency);
  return {
    ...(campaigns && {
      campaigns: campaigns.map(({ campaign, pool, allocated, undistributed, creators }) => ({
        campaign,
        pool: money(pool),
        allocated: money(allocated),
        undistributed: money(undistributed),
        creators: creators.map(({ creatorId, netLikes, carriedIn, carriedOut, points, amount }) => {
          return { creatorId, netLikes, carriedIn, carriedOut, points, amount: money(amount) };
        }),
      })),
    }),
    ...(gifts && {
      gifts: gifts.map(({ creatorId, gifted, carriedIn, carriedOut, amount }) => ({
        creatorId,
        gifted: money(gifted),
        carriedIn: money(carriedIn),
        carriedOut: money(carriedOut),
        amount: money(amount),
      })),
    }),
    ...(commissions && {
      commissions: commissions.map(({ scoutId, creatorId, amount }) => ({ scoutId, creatorId, amount: money(amount) })),
    }),
    ...(shares && {
      shares: shares.map(({ creatorId, memberId, amount }) => ({ creatorId, memberId, amount: money(amount) })),
    }),
    ...(benefits && {
      benefits: benefits.map(({ name, granted, withdrawn, holders }) => ({ name, granted, withdrawn, holders })),
    }),
  };
}
