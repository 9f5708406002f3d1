import { PLATFORM } from './account.ts';
import type { EntryDraft } from './posting.ts';

export interface RevenueBooking {
  readonly period: string;
  /** Minor units; negative for a correction. */
  readonly amount: bigint;
  readonly reference: string;
  /** Date of booking, `YYYY-MM-DD`. */
  readonly bookedOn: string;
  /** Key of the revenue entry that this one corrects. */
  readonly corrects?: string | undefined;
}

/** Natural key of a booking of revenue. */
export function revenueKey(reference: string): string {
  return `revenue:${reference}`;
}

/** Revenue booked: ad-receivable → ad-revenue. */
export function revenueEntry({ period, amount, reference, bookedOn, corrects }: RevenueBooking): EntryDraft {
  return {
    key: revenueKey(reference),
    kind: 'revenue',
    effectiveAt: bookedOn,
    details: { period, reference, ...(corrects === undefined ? {} : { corrects }) },
    // A correction adds to what is booked and need not undo the whole entry.
    reverses: corrects ?? null,
    postings: [
      { account: PLATFORM.adReceivable, amount },
      { account: PLATFORM.adRevenue, amount: -amount },
    ],
  };
}
