import type { PeriodResult } from '@rewardbook/domain/close/result';
import { validVersion } from '@rewardbook/domain/policy/policy-version';
import { boundsBy, startsWithClosed } from '@rewardbook/domain/values/closed-periods';
import { DomainError } from '@rewardbook/domain/values/error';
import { assertPeriodOf, formatPeriod, type Period, periodFinder, periodOf } from '@rewardbook/domain/values/period';
import { currencyOf } from '@rewardbook/money/currency';
import type { AcceptedEvents } from '../events/accepted-events.ts';
import { closeSequence, wantsOf } from './close-sequence.ts';
import { bookOfCreators } from './creators-book.ts';
import { judgedEvents } from './judged-events.ts';
import { type PeriodClose, periodResult } from './period-result.ts';
import { type ShardAnswer, type ShardQuestion, shard } from './shard.ts';
import type { SimulatedPolicy, SimulationOptions, SimulationResult } from './simulation.ts';

/** What one close asks of a shard that knows the program. It can be sent from one thread to another. */
export type CloseQuestion = Pick<ShardQuestion, 'close' | 'voidBefore'>;

/** A program made ready: what its results are headed by, and its closes. */
export interface SimulationPlan {
  readonly head: Pick<SimulationResult, 'program' | 'policyHash'>;
  /** How many closes there are. */
  readonly count: number;
  /** All viewers, or a part of them: answers for each close in turn. */
  shard(events: AcceptedEvents): (question: CloseQuestion) => ShardAnswer;
  /** The closes in order; each takes the answers that all shards give to its question. */
  closes(): Generator<SimulatedClose, void, undefined>;
}

export interface SimulatedClose {
  readonly question: CloseQuestion;
  /** undefined: a close before the first period that has revenue, which is in no result. */
  finish(answers: readonly ShardAnswer[]): PeriodClose | undefined;
}

export function planSimulation(options: Omit<SimulationOptions, 'seenAt'>): SimulationPlan {
  const { policies, creators, revenue, closed = [], past = [] } = options;
  const versions = policies.map((version, index) => ({ ...version, version: index + 1 }));
  const newest = versions.at(-1);
  if (newest === undefined) {
    throw new DomainError('bad-close', 'Nothing to simulate: give a policy');
  }
  const { policy, policyHash } = newest;
  const pastCloses = new Map(past.map((close) => [close.period, close]));
  const allPolicies = [...versions, ...pastCloses.values()].map((version) => version.policy);
  const asked = periodsWithRevenue(revenue, policy.period);
  const [firstPast] = past;
  const first = firstPast === undefined ? asked.first : periodOf(firstPast.period);
  const count = asked.count + asked.first.ordinal - first.ordinal;
  const labelOf = (close: number): string => formatPeriod({ kind: first.kind, ordinal: first.ordinal + close - 1 });
  const startOf = startsWithClosed(first.kind, policy.timeZone, closed);
  const programStart = startOf(first.ordinal);
  // What close 1 of the books saw was recorded before any close. They may begin later than what is asked about.
  const [firstClosed] = closed;
  const sooner = firstClosed === undefined ? 0 : periodOf(firstClosed.period).ordinal - first.ordinal;
  const seenAt = (close: number): number => (close <= 1 ? close : Math.max(1, close + sooner));
  const usedFor = (period: string): Pick<SimulatedPolicy, 'policy' | 'policyHash'> =>
    pastCloses.get(period) ?? validVersion(versions, period);
  const book = bookOfCreators((period) => {
    return pastCloses.get(period)?.creators ?? (typeof creators === 'function' ? creators(period) : creators);
  });

  return {
    head: { program: policy.program, policyHash },
    count,
    shard(events) {
      const numberOf = periodFinder(first.kind, policy.timeZone, startOf);
      const periodOfInstant = (instant: number): number => numberOf(instant) - first.ordinal + 1;
      const judged = judgedEvents({
        events,
        count,
        policies: allPolicies,
        periodOf: periodOfInstant,
        seenAt: (event) => seenAt(events.seenAt(event)),
      });
      const viewers = shard(events, judged, programStart);
      return ({ close, voidBefore }) => {
        const period = labelOf(close);
        const { policy: used } = usedFor(period);
        const wants = wantsOf(used, allPolicies);
        return viewers.close({ close, policy: used, creators: book(period), voidBefore, ...wants });
      };
    },
    *closes() {
      const sequence = closeSequence(currencyOf(policy.currency));
      for (let close = 1; close <= count; close += 1) {
        const period = labelOf(close);
        const { policy: used, policyHash: usedHash } = usedFor(period);
        const revenueEntries = pastCloses.get(period)?.revenueEntries ?? revenue.get(period) ?? 0n;
        yield {
          question: { close, voidBefore: sequence.voidBefore },
          finish: (answers) => {
            const bounds = boundsBy(startOf, period);
            const result = sequence.close(
              { close, period, bounds, policy: used, policyHash: usedHash, creators: book(period), revenueEntries },
              answers,
            );
            return first.ordinal + close - 1 < asked.first.ordinal ? undefined : result;
          },
        };
      }
    },
  };
}

/** Each period from the first to the last that has revenue, over all viewers. */
export function* closesOf(plan: SimulationPlan, events: AcceptedEvents): Generator<PeriodResult, void, undefined> {
  for (const closed of periodCloses(plan, events)) {
    yield periodResult(closed);
  }
}

/** `closesOf` before they are written out. */
export function* periodCloses(
  { shard: shardOf, closes }: SimulationPlan,
  events: AcceptedEvents,
): Generator<PeriodClose, void, undefined> {
  const answer = shardOf(events);
  for (const { question, finish } of closes()) {
    const closed = finish([answer(question)]);
    if (closed !== undefined) {
      yield closed;
    }
  }
}

function periodsWithRevenue(
  revenue: ReadonlyMap<string, bigint>,
  kind: Period['kind'],
): { first: Period; count: number } {
  let first: number | undefined;
  let last = 0;
  for (const label of revenue.keys()) {
    assertPeriodOf({ periodKind: kind }, label);
    const period = periodOf(label);
    last = first === undefined ? period.ordinal : Math.max(last, period.ordinal);
    first = first === undefined ? period.ordinal : Math.min(first, period.ordinal);
  }
  if (first === undefined) {
    throw new DomainError('bad-close', 'Nothing to close: give the revenue of at least one period');
  }
  return { first: { kind, ordinal: first }, count: last - first + 1 };
}
