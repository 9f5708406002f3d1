import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { AdversaryKind } from '@rewardbook/simulate/generator/scenario';
import type { ScreenOptions } from '@rewardbook/simulate/screen/screen';

/** A policy and what its asker calls it: answers that have several name them so. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** An amount of a period in major units, as written; several amounts of one period add up. */
export interface GivenRevenue {
  readonly period: string;
  readonly amount: string;
}

/** A key of a policy, as `weights.follow`, and the values that it takes. */
export interface GridAxis {
  readonly path: string;
  readonly values: readonly string[];
}

interface Registered {
  readonly creators: readonly RegisteredCreator[];
}

interface Funded extends Registered {
  readonly revenue: readonly GivenRevenue[];
}

export interface SimulateQuestion extends Funded {
  readonly question: 'simulate';
  readonly policy: Policy;
}

export interface CompareQuestion extends Funded {
  readonly question: 'compare';
  readonly a: Policy;
  readonly b: Policy;
}

export interface SweepQuestion extends Funded {
  readonly question: 'sweep';
  readonly policy: Policy;
  readonly axes: readonly GridAxis[];
  /** On how many seeds of the scenario; undefined: on the events as given. */
  readonly seeds: number | undefined;
  /** Of the scenario that makes the events; undefined: the events are fixed. */
  readonly scenarioSeed: number | undefined;
}

export interface AttackQuestion extends Funded {
  readonly question: 'attack';
  readonly policies: readonly NamedPolicy[];
  readonly kind: AdversaryKind;
  /** Who is to gain; undefined: from the middle of those who earn. */
  readonly creatorIds: readonly string[] | undefined;
  /** Fake events. */
  readonly size: number;
  /** Fake viewers, or the accounts that each creator splits into; undefined: by kind. */
  readonly accounts: number | undefined;
  /** From the start of the first period; undefined: until the last ends. */
  readonly hours: number | undefined;
  /** Prices of a fake event and of an account, major units. */
  readonly cost: string;
  readonly accountCost: string;
  /** Rules to try alone, as `maxLikesPerPair=10`. */
  readonly rules: readonly string[];
}

export interface ScreenQuestion extends Registered, ScreenOptions {
  readonly question: 'screen';
  readonly policy: Policy;
  /** How many creators are listed. */
  readonly top: number;
}

export interface SearchQuestion {
  readonly question: 'search';
  /** None: one of each allocation method. */
  readonly policies: readonly NamedPolicy[];
  readonly trials: number;
  readonly seed: number;
}

/** What can be asked of the lab, in parsed values. Where the events come from is the asker's concern. */
export type Question =
  | SimulateQuestion
  | CompareQuestion
  | SweepQuestion
  | AttackQuestion
  | ScreenQuestion
  | SearchQuestion;
