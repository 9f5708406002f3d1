import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { divideHalfEven } from '@rewardbook/money/rounding';
import type { Policy } from '../policy/policy.ts';

/** A policy's payout rules, in minor units. */
export interface PayoutTerms {
  readonly minimum: bigint;
  /** At least one minor unit. */
  readonly roundTo: bigint;
  /** Rate by tax country, plain decimals. */
  readonly withholding: Readonly<Record<string, string>>;
}

/** The payout rules of a policy. */
export function payoutTerms({ currency: code, payout }: Pick<Policy, 'currency' | 'payout'>): PayoutTerms {
  const currency = currencyOf(code);
  return {
    minimum: parseAmount(payout.minimum, currency),
    roundTo: parseAmount(payout.roundTo, currency),
    withholding: payout.withholding,
  };
}

/** What a payout depends on besides the terms. */
export interface PayoutParty {
  /** Credit balance of the creator's payable account, minor units; negative where the creator owes. */
  readonly available: bigint;
  readonly payee: string | null;
  readonly taxCountry: string | null;
  readonly isOnHold: boolean;
  /** What came back net of a tax that was remitted, and no payout has paid since; minor units. Nothing is withheld of it again. */
  readonly taxedBefore: bigint;
}

export const WAITING_REASONS = ['not-above-zero', 'below-minimum', 'incomplete', 'on-hold'] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** Minor units; what waits has the amounts that would be paid. `gross = withheld + net`. */
export interface Payout {
  readonly gross: bigint;
  /** What of gross was taxed before. */
  readonly taxedBefore: bigint;
  readonly withheld: bigint;
  readonly net: bigint;
  /** Why it waits, or null if it is due. */
  readonly reason: WaitingReason | null;
}

/**
 * A creator's payout in a run: gross is what is available, floored to `roundTo`, if it reaches the minimum; tax is withheld, half even
 * to the minor unit, of what gross pays beyond what was taxed before (README, "Payouts"). The first reason that holds is the one given.
 * `draft_run` in packages/db/functions/payouts.sql is the same rule in SQL; services/ledger/src/payouts/payout-rule.test.ts
 * compares both.
 */
export function payoutOf(terms: PayoutTerms, party: PayoutParty): Payout {
  const { available, taxCountry } = party;
  const gross = available > 0n && available >= terms.minimum ? available - (available % terms.roundTo) : 0n;
  const taxedBefore = gross < party.taxedBefore ? gross : party.taxedBefore;
  const rate = taxCountry === null ? '0' : (terms.withholding[taxCountry] ?? '0');
  const withheld = withholdingOf(gross - taxedBefore, rate);
  return { gross, taxedBefore, withheld, net: gross - withheld, reason: reasonOf(gross, party) };
}

function reasonOf(gross: bigint, { available, payee, taxCountry, isOnHold }: PayoutParty): WaitingReason | null {
  if (available <= 0n) {
    return 'not-above-zero';
  }
  if (gross === 0n) {
    return 'below-minimum';
  }
  if (payee === null || taxCountry === null) {
    return 'incomplete';
  }
  return isOnHold ? 'on-hold' : null;
}

/** `amount × rate`, half even to the minor unit. */
export function withholdingOf(amount: bigint, rate: string): bigint {
  const scale = scaleOf(rate);
  return divideHalfEven(amount * parseScaled(rate, scale), 10n ** BigInt(scale));
}
