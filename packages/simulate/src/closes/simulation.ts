import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { ClosedPeriod } from '@rewardbook/domain/values/closed-periods';
import type { SeenAt } from '../events/accepted-events.ts';

/** A policy and the first period it is valid for; null means from the beginning. */
export interface SimulatedPolicy {
  readonly policy: Policy;
  readonly policyHash: string;
  readonly validFrom: string | null;
}

/** A close as the books have it, and what it used. */
export interface PastClose {
  readonly period: string;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly creators: readonly RegisteredCreator[];
  /** Sum of the revenue entries, minor units. */
  readonly revenueEntries: bigint;
}

export interface SimulationOptions {
  /** Versions in the order of their numbers, at least one. */
  readonly policies: readonly SimulatedPolicy[];
  /** The registered creators, or those that the close of a period used. */
  readonly creators: readonly RegisteredCreator[] | ((period: string) => readonly RegisteredCreator[]);
  /** Sum of the revenue entries of each period, minor units. Periods between the first and the last that have none count as 0. */
  readonly revenue: ReadonlyMap<string, bigint>;
  /** Periods with the bounds that their closes fixed, from close 1 on, in order; left out, the zone's rules decide about all. */
  readonly closed?: readonly ClosedPeriod[] | undefined;
  /** Left out, every event was recorded before the first close. Asked of an event once, when it is accepted. */
  readonly seenAt?: SeenAt | undefined;
  /**
   * The closes before the first period that has revenue, from close 1 on, in order and without gaps: what they left goes into those that
   * follow, and they are in no result. Left out, that period is the program's first.
   */
  readonly past?: readonly PastClose[] | undefined;
}

/** What `simulate --json` prints. `policyHash` is that of the newest policy. */
export interface SimulationResult {
  readonly program: string;
  readonly policyHash: string;
  readonly periods: readonly PeriodResult[];
}
