import { amountRuns, rankOf } from '@rewardbook/domain/close/amount-runs';
import type { Metrics } from '@rewardbook/domain/close/result';
import type { AllocationPolicy } from '@rewardbook/domain/policy/policy';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { type LorenzPoint, lorenz } from './lorenz.ts';
import { assertComparable, type Outcome, type OutcomePeriod } from './outcome.ts';
import { atPlaces, joinIds } from './party-lists.ts';

/** One of the two policies and what it gave over all periods. Money in major units, here and below. */
export interface ComparedPolicy {
  readonly program: string;
  readonly policyHash: string;
  readonly allocation: AllocationPolicy;
  /** Put into pools; what rolls over counts once. */
  readonly funded: string;
  readonly allocated: string;
  readonly undistributed: string;
  readonly periods: readonly OutcomePeriod[];
  /** Over the creators of `metrics`, with the amounts of all periods. */
  readonly lorenz: readonly LorenzPoint[];
}

export interface CreatorChange {
  readonly creatorId: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  /** 1 + the number of creators who have more: equals share a rank. */
  readonly rankBefore: number;
  readonly rankAfter: number;
}

/** A tenth of the creators by what they had before, 1 the smallest; equal ones by creatorId. */
export interface DecileChange {
  readonly decile: number;
  readonly creators: number;
  readonly winners: number;
  readonly losers: number;
  readonly unchanged: number;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}

export interface Comparison {
  readonly a: ComparedPolicy;
  readonly b: ComparedPolicy;
  /** Everybody who is in either outcome, by creatorId in byte order. */
  readonly creators: readonly CreatorChange[];
  readonly winners: number;
  readonly losers: number;
  readonly unchanged: number;
  readonly moneyMoved: string;
  readonly deciles: readonly DecileChange[];
  readonly metrics: { readonly a: Metrics; readonly b: Metrics };
}

/** What a comparison says without its creators and periods. */
export type ComparisonSummary = Pick<
  Comparison,
  'winners' | 'losers' | 'unchanged' | 'moneyMoved' | 'deciles' | 'metrics'
>;

/** Everybody who is in either outcome, in byte order, with what they have in each; minor units. */
export interface PolicyChanges {
  readonly creatorIds: readonly string[];
  readonly before: readonly bigint[];
  readonly after: readonly bigint[];
}

const DECILES = 10;

/**
 * Compares what two policies gave on the same events. Throws DomainError `bad-policy` where currency, time zone or period differ.
 *
 * Money moved is ½·Σ|after − before| over the creators and one party more, who has what they do not: the undistributed money, and where
 * one policy puts less into its pools, what the platform keeps of the difference.
 */
export function compareOutcomes(a: Outcome, b: Outcome): Comparison {
  assertComparable(a.policy, b.policy);
  const changes = changesBetween(a, b);
  const summary = summaryOf(a, changes, b);
  const { deciles, metrics, ...counted } = summary;
  return {
    a: comparedPolicy(a),
    b: comparedPolicy(b),
    creators: creatorChanges(changes, a.currency),
    ...counted,
    deciles,
    metrics,
  };
}

/** All of a comparison that can be said without looking at creators one by one. Throws as `compareOutcomes`. */
export function summarizeChanges(a: Outcome, b: Outcome): ComparisonSummary {
  assertComparable(a.policy, b.policy);
  return summaryOf(a, changesBetween(a, b), b);
}

function summaryOf(a: Outcome, changes: PolicyChanges, b: Outcome): ComparisonSummary {
  const money = (minor: bigint): string => formatAmount(minor, a.currency);
  return {
    ...countedChanges(changes),
    moneyMoved: money(movedIn(changes)),
    deciles: deciles(a, changes).map((places, index) => {
      const part = changesOf(changes, places);
      const before = sumOf(part.before);
      const after = sumOf(part.after);
      return {
        decile: index + 1,
        creators: places.length,
        ...countedChanges(part),
        before: money(before),
        after: money(after),
        difference: money(after - before),
      };
    }),
    metrics: { a: a.metrics, b: b.metrics },
  };
}

/** Each creator's row, by creatorId. */
function creatorChanges({ creatorIds, before, after }: PolicyChanges, currency: Currency): CreatorChange[] {
  const [ranksBefore, ranksAfter] = [amountRuns(before), amountRuns(after)];
  return creatorIds.map((creatorId, place) => {
    const [had, has] = [before[place] ?? 0n, after[place] ?? 0n];
    return {
      creatorId,
      before: formatAmount(had, currency),
      after: formatAmount(has, currency),
      difference: formatAmount(has - had, currency),
      rankBefore: rankOf(ranksBefore, had),
      rankAfter: rankOf(ranksAfter, has),
    };
  });
}

/** See `compareOutcomes`; minor units. */
export function moneyMovedBetween(a: Outcome, b: Outcome): bigint {
  return movedIn(changesBetween(a, b));
}

function movedIn({ before, after }: PolicyChanges): bigint {
  // All differences add up to zero with the further party's, so half of their magnitudes is what the winners among them won.
  let won = 0n;
  let sum = 0n;
  for (const [place, had] of before.entries()) {
    const has = after[place] ?? 0n;
    if (has === had) {
      continue;
    }
    const difference = has - had;
    sum += difference;
    if (difference > 0n) {
      won += difference;
    }
  }
  return sum < 0n ? won - sum : won;
}

/** How many have more, less and the same under `b`. */
export function countChanges(a: Outcome, b: Outcome): Pick<Comparison, 'winners' | 'losers' | 'unchanged'> {
  return countedChanges(changesBetween(a, b));
}

export function changesBetween(a: Outcome, b: Outcome): PolicyChanges {
  const { creatorIds, ofFirst, ofSecond } = joinIds(a.creatorIds, b.creatorIds);
  return {
    creatorIds,
    before: atPlaces(a.amounts, ofFirst, creatorIds.length),
    after: atPlaces(b.amounts, ofSecond, creatorIds.length),
  };
}

function countedChanges({
  before,
  after,
}: Pick<PolicyChanges, 'before' | 'after'>): Pick<Comparison, 'winners' | 'losers' | 'unchanged'> {
  let winners = 0;
  let losers = 0;
  for (const [place, had] of before.entries()) {
    const has = after[place] ?? 0n;
    if (has > had) {
      winners += 1;
    } else if (has < had) {
      losers += 1;
    }
  }
  return { winners, losers, unchanged: before.length - winners - losers };
}

function changesOf({ before, after }: PolicyChanges, places: Uint32Array): Pick<PolicyChanges, 'before' | 'after'> {
  return {
    before: Array.from(places, (place) => before[place] ?? 0n),
    after: Array.from(places, (place) => after[place] ?? 0n),
  };
}

// Of outcomes that others are compared with, one after the other.
const BY_SIZE = new WeakMap<Outcome, { readonly creatorIds: readonly string[]; readonly places: Uint32Array }>();

/** Ten parts by what they had before, equal in number as far as they can be. */
function deciles(a: Outcome, { creatorIds, before }: PolicyChanges): Uint32Array[] {
  const known = BY_SIZE.get(a);
  const places = known?.creatorIds === creatorIds ? known.places : placesBySize(before);
  BY_SIZE.set(a, { creatorIds, places });
  // The i-th of n, from 0, is in part ⌊10·i / n⌋.
  const startOf = (part: number): number => Math.ceil((part * places.length) / DECILES);
  return Array.from({ length: DECILES }, (_, part) => places.subarray(startOf(part), startOf(part + 1)));
}

/** Places by amount, equal ones by creatorId: in byte order, as they come. */
function placesBySize(amounts: readonly bigint[]): Uint32Array {
  return Uint32Array.from(amounts.keys()).sort((x, y) => compareBigints(amounts[x] ?? 0n, amounts[y] ?? 0n) || x - y);
}

function comparedPolicy({ policy, policyHash, currency, earnings, ...outcome }: Outcome): ComparedPolicy {
  return {
    program: policy.program,
    policyHash,
    allocation: policy.allocation,
    funded: formatAmount(outcome.funded, currency),
    allocated: formatAmount(outcome.allocated, currency),
    undistributed: formatAmount(outcome.undistributed, currency),
    periods: outcome.periods,
    lorenz: lorenz(earnings),
  };
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
