import type { Policy } from '@rewardbook/domain/policy';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { divideHalfEven } from '@rewardbook/money/rounding';

/** The payout rules of one close, in minor units. */
export interface PayoutTerms {
  readonly closeNo: number;
  readonly minimum: bigint;
  readonly roundTo: bigint;
  readonly withholding: Readonly<Record<string, string>>;
}

/** Who is paid: without payee or tax country nobody can be, and on hold nobody is. */
export interface PayoutParty {
  readonly payee: string | null;
  readonly taxCountry: string | null;
  readonly isOnHold: boolean;
}

/** What moved on a creator's payable with a close, in minor units; in the creator's favour where it is positive, but for `held`. */
export interface CloseFlow {
  readonly allocated: bigint;
  readonly adjustment: bigint;
  readonly held: bigint;
  readonly released: bigint;
  readonly returned: bigint;
}

/** A creator's payout after one close, in minor units: carriedIn + what came = gross + carriedOut. */
export interface ProjectedPayout extends CloseFlow {
  readonly closeNo: number;
  readonly gross: bigint;
  readonly withholding: bigint;
  readonly net: bigint;
  readonly carriedIn: bigint;
  readonly carriedOut: bigint;
  readonly status: 'due' | 'waiting';
  readonly reason: 'not-above-zero' | 'below-minimum' | 'incomplete' | 'on-hold' | null;
}

export function payoutTerms(closeNo: number, policy: Policy): PayoutTerms {
  const currency = currencyOf(policy.currency);
  return {
    closeNo,
    minimum: parseAmount(policy.payout.minimum, currency),
    roundTo: parseAmount(policy.payout.roundTo, currency),
    withholding: policy.payout.withholding,
  };
}

const NOTHING: CloseFlow = { allocated: 0n, adjustment: 0n, held: 0n, released: 0n, returned: 0n };

/** What is owed more after these movements. */
export function sumOfFlow({ allocated, adjustment, held, released, returned }: CloseFlow): bigint {
  return allocated + adjustment - held + released + returned;
}

/**
 * A creator's payouts if a run followed each of these closes and paid what it could: so a minor unit is in one payout only, and
 * the sum of them is what can be paid now (DOMAIN "The books", payouts). A creator whose payee or tax country is missing, or who is
 * on hold, has the same payouts; they wait.
 *
 * @param terms of the closes that no run has paid, in order
 * @param opening what was owed before
 * @param flows by close number
 */
export function* projectPayouts(
  terms: readonly PayoutTerms[],
  opening: bigint,
  flows: ReadonlyMap<number, CloseFlow>,
  party: PayoutParty,
): Generator<ProjectedPayout, void, undefined> {
  let carried = opening;
  for (const term of terms) {
    const flow = flows.get(term.closeNo);
    const available = carried + sumOfFlow(flow ?? NOTHING);
    const gross = available > 0n && available >= term.minimum ? available - (available % term.roundTo) : 0n;
    const rate = party.taxCountry === null ? '0' : (term.withholding[party.taxCountry] ?? '0');
    const withholding = rateOf(gross, rate);
    const reason = reasonOf(available, gross, party);
    if (flow !== undefined || gross > 0n) {
      yield {
        ...(flow ?? NOTHING),
        closeNo: term.closeNo,
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
  if (party.payee === null || party.taxCountry === null) return 'incomplete';
  return party.isOnHold ? 'on-hold' : null;
}

function rateOf(amount: bigint, rate: string): bigint {
  const scale = scaleOf(rate);
  return divideHalfEven(amount * parseScaled(rate, scale), 10n ** BigInt(scale));
}
