import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { createSimulation } from '@rewardbook/simulate/closes/simulate';

/** A program with everything that goes into its closes. */
export interface Story {
  readonly policy: Policy;
  readonly creators: readonly RegisteredCreator[];
  readonly events: readonly EngagementEvent[];
  /** Major units by period, in order of periods. */
  readonly revenue: ReadonlyMap<string, string>;
}

/** What each period of a story comes to where nothing goes wrong: its result as JSON, to the byte as `close --json` prints it. */
export function undisturbed({ policy, creators, events, revenue }: Story): Map<string, string> {
  const currency = currencyOf(policy.currency);
  const simulation = createSimulation({
    policies: [{ policy, policyHash: policyHash(policy), validFrom: null }],
    creators,
    revenue: new Map([...revenue].map(([period, amount]) => [period, parseAmount(amount, currency)])),
  });
  for (const event of events) {
    simulation.add(event);
  }
  return new Map([...simulation.closes()].map((result) => [result.period, JSON.stringify(result)]));
}
