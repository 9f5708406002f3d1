/** Account codes: parts joined by `:`. Ids are percent-encoded, so a code has no blank and exactly its own colons. */
export const PLATFORM = {
  adReceivable: 'platform:ad-receivable',
  giftReceivable: 'platform:gift-receivable',
  cash: 'platform:cash',
  rewardsExpense: 'platform:rewards-expense',
  writeOff: 'platform:write-off',
  adRevenue: 'platform:ad-revenue',
  giftRevenue: 'platform:gift-revenue',
  funding: 'platform:funding',
  unclaimed: 'platform:unclaimed',
  recovered: 'platform:recovered',
} as const;

export const POOL_ROLLOVER = 'pool:rollover';
export const PAYOUTS_CLEARING = 'payouts:clearing';

export function poolAccount(period: string): string {
  return `pool:${encodeId(period)}`;
}

/** What sponsors have put into a campaign and nobody was given yet. */
export function campaignAccount(campaign: string): string {
  return `campaign:${encodeId(campaign)}`;
}

/** What a sponsor owes. */
export function receivableAccount(sponsor: string): string {
  return `sponsor:${encodeId(sponsor)}:receivable`;
}

/** What a creator may be paid. */
export function payableAccount(creatorId: string): string {
  return `creator:${encodeId(creatorId)}:payable`;
}

export function taxAccount(country: string): string {
  return `tax:${encodeId(country)}`;
}

/** The creator whose account it is, or undefined for other accounts. */
export function creatorOfAccount(account: string): string | undefined {
  const match = /^creator:([^:]+):(?:payable|held)$/.exec(account);
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
}

const UNRESERVED = /^[A-Za-z0-9_.~-]+$/;

/** RFC 3986 percent-encoding of UTF-8 bytes: all but letters, digits and `- _ . ! ~ * ' ( )`. */
function encodeId(id: string): string {
  return UNRESERVED.test(id) ? id : encodeURIComponent(id);
}
