/**
 * What moved on a creator's payable, positive in the creator's favour; major units. `held` is what left for the
 * holdback.
 */
export interface PayableFlow {
  readonly allocated: string;
  readonly adjustment: string;
  readonly held: string;
  readonly released: string;
  readonly returned: string;
}

/**
 * Sums of `posting p` with its `journal_entry e`: each kind of entry that is not a payout is in exactly one, so what
 * came is `allocated + adjustment - held + released + returned`, whatever kinds there will be.
 */
export const FLOW_SUMS = `
  coalesce(-sum(p.amount) FILTER (WHERE e.kind = 'close'), 0) AS allocated,
  coalesce(sum(p.amount) FILTER (WHERE e.kind = 'holdback'), 0) AS held,
  coalesce(-sum(p.amount) FILTER (WHERE e.kind = 'release'), 0) AS released,
  coalesce(-sum(p.amount) FILTER (WHERE e.kind = 'payout-return'), 0) AS returned,
  coalesce(-sum(p.amount) FILTER (WHERE e.kind NOT IN ('close', 'holdback', 'release', 'payout-return')), 0) AS adjustment`;

/** The postings that are summed. */
export const FLOW_POSTINGS = `p.creator_id <> '' AND right(p.account, 8) = ':payable' AND e.kind <> 'payout'`;

/** What of `allocated` came for what; the parts add up to it. Major units. */
export interface GivenByKind {
  readonly poolAmount: string;
  readonly commissionPaid: string;
  readonly commissionEarned: string;
}
