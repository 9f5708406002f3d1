import type { Policy } from '@rewardbook/domain/policy';
import { shareOf } from '@rewardbook/domain/pool';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { divideHalfEven } from '@rewardbook/money/rounding';

/** The payout rules of one close, in minor units. */
export interface PayoutTerms {
  readonly closeNo: number;
  readonly minimum: bigint;
  readonly roundTo: bigint;
  readonly holdbackShare: string;
  readonly holdbackPeriods: number;
  readonly withholding: Readonly<Record<string, string>>;
}

/** Who is paid: without payee or tax country nobody can be. */
export interface PayoutParty {
  readonly payee: string | null;
  readonly taxCountry: string | null;
}

/** A creator's payout after one close, in minor units: carriedIn + allocated − held + released = gross + carriedOut. */
export interface ProjectedPayout {
  readonly closeNo: number;
  readonly allocated: bigint;
  readonly held: bigint;
  readonly released: bigint;
  readonly gross: bigint;
  readonly withholding: bigint;
  readonly net: bigint;
  readonly carriedIn: bigint;
  readonly carriedOut: bigint;
  readonly status: 'due' | 'waiting';
  readonly reason: 'not-above-zero' | 'below-minimum' | 'incomplete' | null;
}

export function payoutTerms(closeNo: number, policy: Policy): PayoutTerms {
  const currency = currencyOf(policy.currency);
  return {
    closeNo,
    minimum: parseAmount(policy.payout.minimum, currency),
    roundTo: parseAmount(policy.payout.roundTo, currency),
    holdbackShare: policy.payout.holdback.share,
    holdbackPeriods: policy.payout.holdback.periods,
    withholding: policy.payout.withholding,
  };
}

/** Whether these rules can leave something for a later close; if not, each close stands alone. */
export function carriesOver(terms: readonly PayoutTerms[]): boolean {
  return terms.some((term) => term.minimum > 0n || term.roundTo > 1n || term.holdbackShare !== '0');
}

/**
 * A creator's payouts if a run had followed each close and paid what it could: so a minor unit is in one payout only, and
 * the sum of them is what can be paid now (DOMAIN "The books", payouts). A creator whose payee or tax country is missing
 * has the same payouts; they wait.
 *
 * @param terms of all closes from the first, in order
 * @param allocated what each close gave, by close number
 */
export function* projectPayouts(
  terms: readonly PayoutTerms[],
  allocated: ReadonlyMap<number, bigint>,
  party: PayoutParty,
): Generator<ProjectedPayout, void, undefined> {
  const heldUntil = new Map<number, bigint>();
  let carried = 0n;
  for (const term of terms) {
    const amount = allocated.get(term.closeNo);
    const given = amount ?? 0n;
    const held = carried + given > 0n ? shareOf(given, term.holdbackShare) : 0n;
    const releasedAt = term.closeNo + term.holdbackPeriods;
    heldUntil.set(releasedAt, (heldUntil.get(releasedAt) ?? 0n) + held);
    const released = heldUntil.get(term.closeNo) ?? 0n;
    const available = carried + given - held + released;
    const gross = available > 0n && available >= term.minimum ? available - (available % term.roundTo) : 0n;
    const rate = party.taxCountry === null ? '0' : (term.withholding[party.taxCountry] ?? '0');
    const withholding = rateOf(gross, rate);
    const reason = reasonOf(available, gross, party);
    if (amount !== undefined || released > 0n || gross > 0n) {
      yield {
        closeNo: term.closeNo,
        allocated: given,
        held,
        released,
        gross,
        withholding,
        net: gross - withholding,
        carriedIn: carried,
        carriedOut: available - gross,
        status: reason === null ? 'due' : 'waiting',
        reason,
      };
    }
    carried = available - gross;
  }
}

function reasonOf(available: bigint, gross: bigint, party: PayoutParty): ProjectedPayout['reason'] {
  if (available <= 0n) return 'not-above-zero';
  if (gross === 0n) return 'below-minimum';
  return party.payee === null || party.taxCountry === null ? 'incomplete' : null;
}

function rateOf(amount: bigint, rate: string): bigint {
  const scale = scaleOf(rate);
  return divideHalfEven(amount * parseScaled(rate, scale), 10n ** BigInt(scale));
}
