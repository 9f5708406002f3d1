import { metrics } from '@rewardbook/domain/close/measures';
import type { Metrics, PeriodResult, PeriodSummary } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { RiskRule } from '@rewardbook/domain/policy/risk-rule';
import { DomainError } from '@rewardbook/domain/values/error';
import { parseAmount } from '@rewardbook/money/amount';
import { type Currency, currencyOf } from '@rewardbook/money/currency';
import { closesOf, planSimulation } from '../closes/plan-simulation.ts';
import type { SimulatedPolicy, SimulationOptions } from '../closes/simulation.ts';
import { accepted } from '../events/accepted-events.ts';

/** A period of an outcome, without its creators. */
export interface OutcomePeriod extends PeriodSummary {
  readonly metrics: Metrics;
}

/** What a program gave over all of its periods under one policy. Money in minor units. */
export interface Outcome {
  readonly policy: Policy;
  readonly policyHash: string;
  readonly currency: Currency;
  readonly periods: readonly OutcomePeriod[];
  /** Put into pools; what rolls over from one period to the next counts once, what a past close left in the first of them. */
  readonly funded: bigint;
  readonly allocated: bigint;
  /** `funded − allocated`: what rolled over after the last period, or returned to the platform in any. */
  readonly undistributed: bigint;
  /** By creator, over all periods; everyone who is in the result of any of them. */
  readonly amounts: ReadonlyMap<string, bigint>;
  /** Who had positive points in any period. */
  readonly earners: ReadonlySet<string>;
  /** Events that risk rules excluded, by rule, in all periods. */
  readonly excluded: ReadonlyMap<RiskRule, number>;
  /** Viewers that the lockstep report lists in any period. */
  readonly suspects: ReadonlySet<string>;
  /** Over the earners, with their amounts of all periods. */
  readonly metrics: Metrics;
}

/** What a program is run with, besides its policy and events. */
export type OutcomeInputs = Pick<SimulationOptions, 'creators' | 'revenue' | 'closed' | 'past'>;

/**
 * Outcome of a policy over events. Any number of policies can be tried on the same ones: they are read once where they come as
 * AcceptedEvents. Throws DomainError as `createSimulation`.
 */
export function outcomeUnder(
  simulated: Pick<SimulatedPolicy, 'policy' | 'policyHash'>,
  inputs: OutcomeInputs,
  events: Iterable<EngagementEvent>,
): Outcome {
  const { policy, policyHash } = simulated;
  const made = planSimulation({ ...inputs, policies: [{ policy, policyHash, validFrom: null }] });
  return outcomeOf(simulated, closesOf(made, accepted(events)));
}

/** Adds up the results of a program's periods, which come in order. */
export function outcomeOf(
  { policy, policyHash }: Pick<SimulatedPolicy, 'policy' | 'policyHash'>,
  results: Iterable<PeriodResult>,
): Outcome {
  const currency = currencyOf(policy.currency);
  const minor = (text: string): bigint => parseAmount(text, currency);
  const periods: OutcomePeriod[] = [];
  const amounts = new Map<string, bigint>();
  const earners = new Set<string>();
  const excluded = new Map<RiskRule, number>();
  const suspects = new Set<string>();
  let funded = 0n;
  let allocated = 0n;
  let rolledOver = 0n;
  for (const { creators, excluded: rules, lockstep = [], ...period } of results) {
    periods.push(summary(period));
    funded += minor(period.pool) - rolledOver;
    allocated += minor(period.allocated);
    rolledOver = policy.undistributed === 'rollover' ? minor(period.undistributed) : 0n;
    for (const { rule, events } of rules) {
      excluded.set(rule, (excluded.get(rule) ?? 0) + events);
    }
    for (const { viewers } of lockstep) {
      for (const viewerId of viewers) {
        suspects.add(viewerId);
      }
    }
    for (const { creatorId, amount, points } of creators) {
      amounts.set(creatorId, (amounts.get(creatorId) ?? 0n) + minor(amount));
      if (points !== '0') {
        earners.add(creatorId);
      }
    }
  }
  return {
    policy,
    policyHash,
    currency,
    periods,
    funded,
    allocated,
    undistributed: funded - allocated,
    amounts,
    earners,
    excluded,
    suspects,
    metrics: metrics([...earners].map((creatorId) => amounts.get(creatorId) ?? 0n)),
  };
}

/** Throws DomainError `bad-policy` unless the outcomes are of one kind of program: the same currency, time zone and length of period. */
export function assertComparable(a: Policy, b: Policy): void {
  for (const key of ['currency', 'timeZone', 'period'] as const) {
    if (a[key] !== b[key]) {
      throw new DomainError(
        'bad-policy',
        `The policies cannot be compared: ${key} is ${a[key]} in one and ${b[key]} in the other; give both the same`,
      );
    }
  }
}

function summary({
  period,
  policyHash,
  revenue,
  pool,
  allocated,
  undistributed,
  resultHash,
  metrics: measured,
}: OutcomePeriod): OutcomePeriod {
  return { period, policyHash, revenue, pool, allocated, undistributed, resultHash, metrics: measured };
}
