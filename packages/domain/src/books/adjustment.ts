/**
 * Movements between a creator and the platform, by what they are: adjustment (rewards-expense → payable, or back where it is
 * negative), clawback (payable, then held → recovered), write-off (write-off → payable), unclaimed (payable → unclaimed).
 */
export const ADJUSTMENT_KINDS = ['adjustment', 'clawback', 'write-off', 'unclaimed'] as const;
export type AdjustmentKind = (typeof ADJUSTMENT_KINDS)[number];

/** Natural key of an adjustment of any kind. */
export function adjustmentKey(reference: string): string {
  return `adjustment:${reference}`;
}

/** Natural key of the reversal of an entry. */
export function reversalKey(entryKey: string): string {
  return `reversal:${entryKey}`;
}
