import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { canonicalJson, type JsonValue } from '../values/canonical-json.ts';
import type { CloseParts } from './close-parts.ts';

/** What a resultHash covers of the parts: members of its object as canonical JSON, `[key, text]`, in no order. */
export function hashedParts(parts: CloseParts, currency: Currency): [string, string][] {
  const { campaigns, contentsHash, gifts, commissions, shares, agreementsHash, benefits } = parts;
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const members: Record<string, JsonValue | undefined> = {
    campaigns: campaigns?.map(({ campaign, pool, undistributed, creators }) => [
      campaign,
      money(pool),
      money(undistributed),
      creators.map(({ creatorId, netLikes, points, amount }) => [creatorId, netLikes, points, money(amount)]),
    ]),
    contentsHash,
    gifts: gifts?.map(({ creatorId, gifted, amount }) => [creatorId, money(gifted), money(amount)]),
    commissions: commissions?.map(({ scoutId, creatorId, amount }) => [scoutId, creatorId, money(amount)]),
    shares: shares?.map(({ creatorId, memberId, amount }) => [creatorId, memberId, money(amount)]),
    agreementsHash,
    benefits: benefits?.map(({ name, granted, withdrawn }) => [name, granted, withdrawn]),
  };
  return Object.entries(members).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, canonicalJson(value)]],
  );
}
