import { type AmountRuns, amountRuns } from '@rewardbook/domain/close/amount-runs';
import type { CloseShares } from '@rewardbook/domain/close/close';
import { metrics, metricsOfRuns } from '@rewardbook/domain/close/measures';
import type { Metrics, PeriodSummary } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { RiskRule } from '@rewardbook/domain/policy/risk-rule';
import { DomainError } from '@rewardbook/domain/values/error';
import { type Currency, currencyOf } from '@rewardbook/money/currency';
import { type PeriodClose, periodMoney } from '../closes/period-result.ts';
import { periodCloses, planSimulation } from '../closes/plan-simulation.ts';
import type { SimulatedPolicy, SimulationOptions } from '../closes/simulation.ts';
import { accepted } from '../events/accepted-events.ts';
import { atPlaces, joinIds } from './party-lists.ts';

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
  /** Everyone who is in the result of any period, in byte order. */
  readonly creatorIds: readonly string[];
  /** Of each of them, over all periods. */
  readonly amounts: readonly bigint[];
  /** 1 for who had positive points in any period, else 0. */
  readonly earned: Uint8Array;
  /** The amounts of those. */
  readonly earnings: AmountRuns;
  /** Of the last close; undefined without any. */
  readonly lastShares: CloseShares | undefined;
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
  return outcomeOf(simulated, periodCloses(made, accepted(events)));
}

/** The amounts by creator. */
export function amountsByCreator({ creatorIds, amounts }: Outcome): ReadonlyMap<string, bigint> {
  return new Map(creatorIds.map((creatorId, index) => [creatorId, amounts[index] ?? 0n]));
}

/** When the figures of each period are worked out: with the outcome, or when they are first asked for. */
export type PeriodFigures = 'now' | 'later';

/**
 * Adds up the closes of a program's periods, which come in order.
 *
 * @param figures `later` holds on to all that the closes were worked out from, and saves their hashes and measures where nobody looks at them
 */
export function outcomeOf(
  { policy, policyHash }: Pick<SimulatedPolicy, 'policy' | 'policyHash'>,
  closes: Iterable<PeriodClose>,
  figures: PeriodFigures = 'now',
): Outcome {
  const periods: OutcomePeriod[] = [];
  const excluded = new Map<RiskRule, number>();
  const suspects = new Set<string>();
  const sums = new CreatorSums();
  let funded = 0n;
  let allocated = 0n;
  let rolledOver = 0n;
  let lastShares: CloseShares | undefined;
  for (const close of closes) {
    const { pool, shares } = close.result;
    periods.push(figures === 'now' ? periodOf(close) : periodLater(close));
    funded += pool.pool - rolledOver;
    allocated += pool.allocated;
    rolledOver = policy.undistributed === 'rollover' ? pool.undistributed : 0n;
    for (const { rule, events } of close.excluded) {
      excluded.set(rule, (excluded.get(rule) ?? 0) + events);
    }
    for (const { viewers } of close.lockstep ?? []) {
      for (const viewerId of viewers) {
        suspects.add(viewerId);
      }
    }
    sums.add(shares);
    lastShares = shares;
  }
  const earnings = sums.earnings();
  return {
    policy,
    policyHash,
    currency: currencyOf(policy.currency),
    periods,
    funded,
    allocated,
    undistributed: funded - allocated,
    creatorIds: sums.creatorIds,
    amounts: sums.amounts,
    earned: sums.earned,
    earnings,
    lastShares,
    excluded,
    suspects,
    metrics: metricsOfRuns(earnings),
  };
}

/** Amounts over periods, as columns: a list of creators is joined with the next once, however many policies are tried. */
class CreatorSums {
  creatorIds: readonly string[] = [];
  amounts: bigint[] = [];
  earned = new Uint8Array(0);

  add({ creatorIds, users, parts }: CloseShares): void {
    const isFirst = this.creatorIds.length === 0;
    const joined = isFirst
      ? { creatorIds, ofFirst: undefined, ofSecond: undefined }
      : joinIds(this.creatorIds, creatorIds);
    const size = joined.creatorIds.length;
    if (isFirst) {
      this.amounts = new Array<bigint>(size).fill(0n);
      this.earned = new Uint8Array(size);
    } else if (joined.ofFirst !== undefined) {
      this.amounts = [...atPlaces(this.amounts, joined.ofFirst, size)];
      const earned = new Uint8Array(size);
      for (const [index, place] of joined.ofFirst.entries()) {
        earned[place] = this.earned[index] ?? 0;
      }
      this.earned = earned;
    }
    this.creatorIds = joined.creatorIds;
    for (const [index, user] of users.entries()) {
      const place = joined.ofSecond === undefined ? user : (joined.ofSecond[user] ?? 0);
      this.amounts[place] = (this.amounts[place] ?? 0n) + (parts[index] ?? 0n);
      this.earned[place] = 1;
    }
  }

  earnings(): AmountRuns {
    return amountRuns(this.amounts.filter((_, place) => this.earned[place] === 1));
  }
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

function periodOf(close: PeriodClose): OutcomePeriod {
  const { resultHash, shares } = close.result;
  return { ...periodMoney(close), resultHash, metrics: metrics(shares.parts) };
}

/** The same, whose hash and measures are each worked out when they are first asked for. */
function periodLater(close: PeriodClose): OutcomePeriod {
  const { result } = close;
  let measured: Metrics | undefined;
  return {
    ...periodMoney(close),
    get resultHash() {
      return result.resultHash;
    },
    get metrics() {
      measured ??= metrics(result.shares.parts);
      return measured;
    },
  };
}
