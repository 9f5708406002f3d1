import type { Metrics } from '@rewardbook/domain/close/result';
import type { AllocationPolicy } from '@rewardbook/domain/policy/policy';
import { compareUtf8, sortUtf8 } from '@rewardbook/domain/values/utf8-order';
import { formatAmount } from '@rewardbook/money/amount';
import { type LorenzPoint, lorenz } from './lorenz.ts';
import { assertComparable, type Outcome, type OutcomePeriod } from './outcome.ts';

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

interface Change {
  readonly creatorId: string;
  readonly before: bigint;
  readonly after: bigint;
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
  const { currency } = a;
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const changes = changesBetween(a, b);
  const rankBefore = ranks(changes.map(({ before }) => before));
  const rankAfter = ranks(changes.map(({ after }) => after));
  const creators = changes.map(
    ({ creatorId, before, after }, index): CreatorChange => ({
      creatorId,
      before: money(before),
      after: money(after),
      difference: money(after - before),
      rankBefore: rankBefore[index] ?? 0,
      rankAfter: rankAfter[index] ?? 0,
    }),
  );
  return {
    a: comparedPolicy(a),
    b: comparedPolicy(b),
    creators,
    ...countedChanges(changes),
    moneyMoved: money(moneyMovedBetween(a, b)),
    deciles: deciles(changes).map((part, index) => {
      const before = part.reduce((sum, change) => sum + change.before, 0n);
      const after = part.reduce((sum, change) => sum + change.after, 0n);
      return {
        decile: index + 1,
        creators: part.length,
        ...countedChanges(part),
        before: money(before),
        after: money(after),
        difference: money(after - before),
      };
    }),
    metrics: { a: a.metrics, b: b.metrics },
  };
}

/** See `compareOutcomes`; minor units. */
export function moneyMovedBetween(a: Outcome, b: Outcome): bigint {
  // All differences add up to zero with the further party's, so half of their magnitudes is what the winners among them won.
  let won = 0n;
  let sum = 0n;
  for (const { before, after } of changesBetween(a, b)) {
    if (after > before) {
      won += after - before;
    }
    sum += after - before;
  }
  return sum < 0n ? won - sum : won;
}

/** How many have more, less and the same under `b`. */
export function countChanges(a: Outcome, b: Outcome): Pick<Comparison, 'winners' | 'losers' | 'unchanged'> {
  return countedChanges(changesBetween(a, b));
}

function changesBetween(a: Outcome, b: Outcome): Change[] {
  const creatorIds = sortUtf8([...new Set([...a.amounts.keys(), ...b.amounts.keys()])]);
  return creatorIds.map((creatorId) => ({
    creatorId,
    before: a.amounts.get(creatorId) ?? 0n,
    after: b.amounts.get(creatorId) ?? 0n,
  }));
}

function countedChanges(changes: readonly Change[]): Pick<Comparison, 'winners' | 'losers' | 'unchanged'> {
  let winners = 0;
  let losers = 0;
  for (const { before, after } of changes) {
    if (after > before) {
      winners += 1;
    } else if (after < before) {
      losers += 1;
    }
  }
  return { winners, losers, unchanged: changes.length - winners - losers };
}

/** 1 + how many have more, in the order of the amounts. */
function ranks(amounts: readonly bigint[]): number[] {
  const order = amounts.map((_, index) => index).sort((x, y) => compareBigints(amounts[y] ?? 0n, amounts[x] ?? 0n));
  const rankOf = new Array<number>(amounts.length).fill(0);
  let rank = 0;
  let previous: bigint | undefined;
  for (const [place, index] of order.entries()) {
    const amount = amounts[index] ?? 0n;
    if (amount !== previous) {
      rank = place + 1;
    }
    previous = amount;
    rankOf[index] = rank;
  }
  return rankOf;
}

/** Ten parts by what they had before, equal in number as far as they can be. */
function deciles(changes: readonly Change[]): Change[][] {
  const bySize = changes.toSorted(
    (x, y) => compareBigints(x.before, y.before) || compareUtf8(x.creatorId, y.creatorId),
  );
  const parts: Change[][] = Array.from({ length: DECILES }, () => []);
  for (const [index, change] of bySize.entries()) {
    parts[Math.floor((index * DECILES) / bySize.length)]?.push(change);
  }
  return parts;
}

function comparedPolicy({ policy, policyHash, currency, amounts, ...outcome }: Outcome): ComparedPolicy {
  return {
    program: policy.program,
    policyHash,
    allocation: policy.allocation,
    funded: formatAmount(outcome.funded, currency),
    allocated: formatAmount(outcome.allocated, currency),
    undistributed: formatAmount(outcome.undistributed, currency),
    periods: outcome.periods,
    lorenz: lorenz([...outcome.earners].map((creatorId) => amounts.get(creatorId) ?? 0n)),
  };
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
