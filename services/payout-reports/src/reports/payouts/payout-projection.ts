import {
  type Payout,
  type PayoutParty,
  type PayoutTerms,
  payoutOf,
  payoutTerms,
} from '@rewardbook/domain/payouts/payout';
import type { Policy } from '@rewardbook/domain/policy/policy';

/** The payout rules of one close. */
export interface CloseTerms extends PayoutTerms {
  readonly closeNo: number;
}

/** What moved on a creator's payable with a close, in minor units; positive in the creator's favour, except `held`. */
export interface CloseFlow {
  readonly allocated: bigint;
  readonly adjustment: bigint;
  readonly held: bigint;
  readonly released: bigint;
  readonly returned: bigint;
}

/** A creator's payout after one close, in minor units: carriedIn + what came = gross + carriedOut. */
export interface ProjectedPayout extends CloseFlow, Payout {
  readonly closeNo: number;
  readonly carriedIn: bigint;
  readonly carriedOut: bigint;
}

export function closeTerms(closeNo: number, policy: Policy): CloseTerms {
  return { closeNo, ...payoutTerms(policy) };
}

const NOTHING: CloseFlow = { allocated: 0n, adjustment: 0n, held: 0n, released: 0n, returned: 0n };

/** How much more is owed after these movements. */
export function sumOfFlow({ allocated, adjustment, held, released, returned }: CloseFlow): bigint {
  return allocated + adjustment - held + released + returned;
}

/**
 * A creator's payouts if a run followed each of these closes and paid what it could (the rule is `payoutOf`): so a minor unit is in one
 * payout only, and the sum of them is what can be paid now. A creator whose payee or tax country is missing, or who is on hold, has the
 * same payouts; they wait. As in a run, whoever has a balance has a row.
 *
 * @param terms of the closes that no run has paid, in order
 * @param flows by close number
 * @param party as before the first of them
 */
export function* projectPayouts(
  terms: readonly CloseTerms[],
  flows: ReadonlyMap<number, CloseFlow>,
  party: PayoutParty,
): Generator<ProjectedPayout, void, undefined> {
  let { available: carriedIn, taxedBefore } = party;
  for (const term of terms) {
    const flow = flows.get(term.closeNo);
    const available = carriedIn + sumOfFlow(flow ?? NOTHING);
    const payout = payoutOf(term, { ...party, available, taxedBefore });
    const carriedOut = available - payout.gross;
    if (flow !== undefined || available !== 0n) {
      yield { ...(flow ?? NOTHING), ...payout, closeNo: term.closeNo, carriedIn, carriedOut };
    }
    carriedIn = carriedOut;
    taxedBefore -= payout.taxedBefore;
  }
}
