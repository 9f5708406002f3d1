/**
 * What a close gives and finds besides the pool. A part is there only where the close has the thing; money in minor
 * units, rows in the order of their ids' bytes.
 */
export interface CloseParts {
  readonly campaigns?: readonly CampaignPart[];
  /** SHA-256 over all registered contents; where there are campaigns. */
  readonly contentsHash?: string;
  readonly gifts?: readonly GiftRow[];
  readonly commissions?: readonly CommissionRow[];
  readonly shares?: readonly ShareRow[];
  /** SHA-256 over the agreements in force; where there are shares. */
  readonly agreementsHash?: string;
  readonly benefits?: readonly BenefitPart[];
}

/** What a campaign gives at a close. */
export interface CampaignPart {
  readonly campaign: string;
  readonly pool: bigint;
  readonly allocated: bigint;
  readonly undistributed: bigint;
  /** By creatorId. Points and carries are plain decimals. */
  readonly creators: readonly {
    readonly creatorId: string;
    readonly netLikes: number;
    readonly carriedIn: string;
    readonly carriedOut: string;
    readonly points: string;
    readonly amount: bigint;
  }[];
  /** What goes back to the sponsor after the campaign's last close. */
  readonly returned?: { readonly sponsor: string; readonly amount: bigint };
}

/** A creator's gifts at a close. */
export interface GiftRow {
  readonly creatorId: string;
  /** Gifts counted less values taken off. */
  readonly gifted: bigint;
  /** Zero or negative. */
  readonly carriedIn: bigint;
  readonly carriedOut: bigint;
  /** The creator's part; the platform keeps the rest of a balance above zero. */
  readonly amount: bigint;
}

/** What a scout gets for a creator; above zero. */
export interface CommissionRow {
  readonly scoutId: string;
  readonly creatorId: string;
  readonly amount: bigint;
}

/** What a member gets of what a creator was given; above zero. */
export interface ShareRow {
  readonly creatorId: string;
  readonly memberId: string;
  readonly amount: bigint;
}

/** Whom a close granted a benefit and from whom it withdrew it; who has it then. Ids in byte order. */
export interface BenefitPart {
  readonly name: string;
  readonly granted: readonly string[];
  readonly withdrawn: readonly string[];
  readonly holders: readonly string[];
}

/** A close that gives nothing besides the pool. */
export const NO_PARTS: CloseParts = {};
