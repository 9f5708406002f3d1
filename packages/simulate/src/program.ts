import { boundsBy, startsWithClosed } from '@rewardbook/domain/closed-periods';
import { DomainError } from '@rewardbook/domain/error';
import { formatPeriod, type Period, periodFinder, periodOf } from '@rewardbook/domain/period';
import { validVersion } from '@rewardbook/domain/policy-version';
import type { PeriodResult } from '@rewardbook/domain/result';
import { currencyOf } from '@rewardbook/money/currency';
import type { AcceptedEvents } from './accepted-events.ts';
import { closer, wantsOf } from './closer.ts';
import { bookOfCreators } from './creators-book.ts';
import { judgedEvents } from './judged-events.ts';
import { type ShardAnswer, type ShardQuestion, shard } from './shard.ts';
import type { SimulationOptions, SimulationResult } from './simulation.ts';

/** What one close asks of a shard that knows the program. It can be sent from one thread to another. */
export type CloseQuestion = Pick<ShardQuestion, 'close' | 'voidBefore'>;

/** A program made ready: what its results are headed by, and its closes. */
export interface Program {
  readonly head: Pick<SimulationResult, 'program' | 'policyHash'>;
  /** All viewers, or a part of them: answers for each close in turn. */
  shard(events: AcceptedEvents): (question: CloseQuestion) => ShardAnswer;
  /** The closes in order; each takes the answers that all shards give to its question. */
  closes(): Generator<OpenClose, void, undefined>;
}

export interface OpenClose {
  readonly question: CloseQuestion;
  finish(answers: readonly ShardAnswer[]): PeriodResult;
}

export function program({ policies, creators, revenue, closed = [] }: Omit<SimulationOptions, 'seenAt'>): Program {
  const versions = policies.map((version, index) => ({ ...version, version: index + 1 }));
  const newest = versions.at(-1);
  if (newest === undefined) throw new DomainError('bad-close', 'Nothing to simulate: give a policy');
  const { policy, policyHash } = newest;
  const allPolicies = versions.map((version) => version.policy);
  const { first, count } = periodsWithRevenue(revenue, policy.period);
  const labelOf = (close: number): string => formatPeriod({ kind: first.kind, ordinal: first.ordinal + close - 1 });
  const startOf = startsWithClosed(first.kind, policy.timeZone, closed);
  const programStart = startOf(first.ordinal);

  return {
    head: { program: policy.program, policyHash },
    shard(events) {
      const numberOf = periodFinder(first.kind, policy.timeZone, startOf);
      const periodOfInstant = (instant: number): number => numberOf(instant) - first.ordinal + 1;
      const judged = judgedEvents({ events, count, policies: allPolicies, periodOf: periodOfInstant });
      const viewers = shard(events, judged, programStart);
      const book = bookOfCreators(creators);
      return ({ close, voidBefore }) => {
        const period = labelOf(close);
        const valid = validVersion(versions, period).policy;
        const wants = wantsOf(valid, allPolicies);
        return viewers.close({ close, policy: valid, creators: book(period), voidBefore, ...wants });
      };
    },
    *closes() {
      const books = closer(currencyOf(policy.currency));
      const book = bookOfCreators(creators);
      for (let close = 1; close <= count; close += 1) {
        const period = labelOf(close);
        const valid = validVersion(versions, period);
        const revenueEntries = revenue.get(period) ?? 0n;
        yield {
          question: { close, voidBefore: books.voidBefore },
          finish: (answers) =>
            books.close(
              {
                close,
                period,
                bounds: boundsBy(startOf, period),
                policy: valid.policy,
                policyHash: valid.policyHash,
                creators: book(period),
                revenueEntries,
              },
              answers,
            ),
        };
      }
    },
  };
}

/** Each period from the first to the last that has revenue, over all viewers. */
export function* closesOf(
  { shard: shardOf, closes }: Program,
  events: AcceptedEvents,
): Generator<PeriodResult, void, undefined> {
  const answer = shardOf(events);
  for (const { question, finish } of closes()) yield finish([answer(question)]);
}

function periodsWithRevenue(
  revenue: ReadonlyMap<string, bigint>,
  kind: Period['kind'],
): { first: Period; count: number } {
  let first: number | undefined;
  let last = 0;
  for (const label of revenue.keys()) {
    const period = periodOf(label);
    if (period.kind !== kind) {
      throw new DomainError('bad-period', `Revenue is for ${label}, but a period of this program is a ${kind}`);
    }
    last = first === undefined ? period.ordinal : Math.max(last, period.ordinal);
    first = first === undefined ? period.ordinal : Math.min(first, period.ordinal);
  }
  if (first === undefined) {
    throw new DomainError('bad-close', 'Nothing to close: give the revenue of at least one period');
  }
  return { first: { kind, ordinal: first }, count: last - first + 1 };
}
