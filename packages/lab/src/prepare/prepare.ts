import type { QuestionLimits } from '@rewardbook/contracts/api/lab-limits';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { formatDecimal, parseDecimal } from '@rewardbook/money/decimal';
import type { AttackCase, AttackPrices } from '@rewardbook/simulate/attack/attack';
import { attackCases } from '@rewardbook/simulate/attack/cases';
import type { SimulatedPolicy } from '@rewardbook/simulate/closes/simulation';
import type { ScreenOptions } from '@rewardbook/simulate/screen/screen';
import type { GridPoint } from '@rewardbook/simulate/whatif/sweep';
import type {
  AttackQuestion,
  CompareQuestion,
  GivenRevenue,
  GridAxis,
  NamedPolicy,
  Question,
  ScreenQuestion,
  SearchQuestion,
  SimulateQuestion,
  SweepQuestion,
} from '../question/question.ts';
import { type AttackOutline, attackOutline, furtherRules } from './attack-plan.ts';
import { gridOf } from './grid.ts';
import { firstOfComparable, hashed, policyOfEachMethod } from './policies.ts';
import { revenueByPeriod } from './revenue.ts';
import { seedsOf } from './seeds.ts';

type HashedPolicy = Pick<SimulatedPolicy, 'policy' | 'policyHash'>;

/** What a program is played with, besides policies and events. */
interface PreparedProgram {
  readonly creators: readonly RegisteredCreator[];
  /** By period, minor units. */
  readonly revenue: ReadonlyMap<string, bigint>;
}

export interface PreparedSimulation extends PreparedProgram {
  readonly question: 'simulate';
  readonly policies: readonly [SimulatedPolicy];
}

export interface PreparedComparison extends PreparedProgram {
  readonly question: 'compare';
  readonly a: HashedPolicy;
  readonly b: HashedPolicy;
}

export interface PreparedSweep extends PreparedProgram {
  readonly question: 'sweep';
  readonly base: HashedPolicy;
  readonly axes: readonly GridAxis[];
  readonly points: readonly GridPoint[];
  /** undefined: on the events as given. */
  readonly seeds: readonly number[] | undefined;
}

export interface PreparedAttack extends PreparedProgram {
  readonly question: 'attack';
  /** Who is to gain is found under this one, where nobody says. */
  readonly first: HashedPolicy;
  readonly cases: readonly AttackCase[];
  readonly creatorIds: readonly string[] | undefined;
  readonly outline: AttackOutline;
  readonly prices: AttackPrices;
}

export interface PreparedScreening {
  readonly question: 'screen';
  readonly creators: readonly RegisteredCreator[];
  readonly policy: Policy;
  readonly options: ScreenOptions;
  readonly top: number;
}

export interface PreparedSearch {
  readonly question: 'search';
  readonly policies: readonly NamedPolicy[];
  readonly trials: number;
  readonly seed: number;
}

/** A question that has been checked and filled in: it has an answer, unless the events have none. */
export type PreparedQuestion =
  | PreparedSimulation
  | PreparedComparison
  | PreparedSweep
  | PreparedAttack
  | PreparedScreening
  | PreparedSearch;

/** @throws QuestionError */
export function prepareQuestion(asked: Question, limits: QuestionLimits): PreparedQuestion {
  switch (asked.question) {
    case 'simulate':
      return prepareSimulation(asked, limits);
    case 'compare':
      return prepareComparison(asked, limits);
    case 'sweep':
      return prepareSweep(asked, limits);
    case 'attack':
      return prepareAttack(asked, limits);
    case 'screen':
      return prepareScreening(asked);
    case 'search':
      return prepareSearch(asked);
  }
}

/** @throws QuestionError */
export function prepareSimulation(asked: SimulateQuestion, limits: QuestionLimits): PreparedSimulation {
  const policies = [{ ...hashed(asked.policy), validFrom: null }] as const;
  return { question: 'simulate', policies, ...programOf(asked, asked.policy, limits) };
}

/** @throws QuestionError */
export function prepareComparison(asked: CompareQuestion, limits: QuestionLimits): PreparedComparison {
  const { a, b } = asked;
  firstOfComparable([a, b]);
  return { question: 'compare', a: hashed(a), b: hashed(b), ...programOf(asked, a, limits) };
}

/** @throws QuestionError */
export function prepareSweep(asked: SweepQuestion, limits: QuestionLimits): PreparedSweep {
  const { policy, axes } = asked;
  return {
    question: 'sweep',
    base: hashed(policy),
    axes,
    points: gridOf(policy, axes, limits),
    seeds: seedsOf(asked, limits.seeds),
    ...programOf(asked, policy, limits),
  };
}

/** @throws QuestionError */
export function prepareAttack(asked: AttackQuestion, limits: QuestionLimits): PreparedAttack {
  const first = firstOfComparable(asked.policies.map(({ policy }) => policy));
  const program = programOf(asked, first, limits);
  return {
    question: 'attack',
    first: hashed(first),
    cases: asked.policies.flatMap(({ name, policy }) => attackCases(name, policy, furtherRules(policy, asked.rules))),
    creatorIds: asked.creatorIds,
    outline: attackOutline(asked, first, program.revenue.keys()),
    prices: { perEvent: plain(asked.cost), perAccount: plain(asked.accountCost) },
    ...program,
  };
}

export function prepareScreening({ question, policy, creators, top, ...options }: ScreenQuestion): PreparedScreening {
  return { question, policy, creators, top, options };
}

export function prepareSearch({ question, policies, trials, seed }: SearchQuestion): PreparedSearch {
  return { question, policies: policies.length > 0 ? policies : policyOfEachMethod(), trials, seed };
}

/** Without zeros at the end: an answer has as many places as its prices. */
function plain(decimal: string): string {
  return formatDecimal(parseDecimal(decimal));
}

function programOf(
  { creators, revenue }: { readonly creators: readonly RegisteredCreator[]; readonly revenue: readonly GivenRevenue[] },
  policy: Policy,
  { periods }: QuestionLimits,
): PreparedProgram {
  return { creators, revenue: revenueByPeriod(revenue, policy, periods) };
}
