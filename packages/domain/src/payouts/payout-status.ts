/** What has become of a payout run. */
export const RUN_STATUSES = ['draft', 'approved', 'exported', 'settled', 'discarded'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What has become of a payout; those of its run, but for `waiting`, `due` (in a draft) and `returned`. */
export const PAYOUT_STATUSES = ['waiting', 'due', 'approved', 'exported', 'settled', 'returned', 'discarded'] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

/**
 * The status of a payout by its run.
 *
 * @param isDue as drafted; else it waits
 * @param isReturned it came back
 */
export function payoutStatus(
  run: RunStatus,
  { isDue, isReturned }: { readonly isDue: boolean; readonly isReturned: boolean },
): PayoutStatus {
  if (isReturned) {
    return 'returned';
  }
  if (run === 'discarded') {
    return 'discarded';
  }
  if (!isDue) {
    return 'waiting';
  }
  return run === 'draft' ? 'due' : run;
}
