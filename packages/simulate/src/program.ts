import { DomainError } from '@rewardbook/domain/error';
import type { EngagementEvent } from '@rewardbook/domain/event';
import { formatPeriod, type Period, periodBounds, periodFinder, periodOf } from '@rewardbook/domain/period';
import { validVersion } from '@rewardbook/domain/policy-version';
import type { PeriodResult } from '@rewardbook/domain/result';
import { judgingClose, type SeenEvent } from '@rewardbook/domain/risk';
import { currencyOf } from '@rewardbook/money/currency';
import { closer } from './closer.ts';
import { bookOfCreators } from './creators-book.ts';
import { judgedEvents } from './judged-events.ts';
import type { SimulationOptions, SimulationResult } from './simulation.ts';

/** A program made ready: what its results are headed by, and its closes. */
export interface Program {
  readonly head: Pick<SimulationResult, 'program' | 'policyHash'>;
  closes(events: readonly EngagementEvent[]): Generator<PeriodResult, void, undefined>;
}

export function program({ policies, creators, revenue, seenAt }: SimulationOptions): Program {
  const versions = policies.map((version, index) => ({ ...version, version: index + 1 }));
  const newest = versions.at(-1);
  if (newest === undefined) throw new DomainError('bad-close', 'Nothing to simulate: give a policy');
  const { policy, policyHash } = newest;
  const allPolicies = versions.map((version) => version.policy);
  const { first, count } = periodsWithRevenue(revenue, policy.period);
  const labelOf = (close: number): string => formatPeriod({ kind: first.kind, ordinal: first.ordinal + close - 1 });
  const programStart = periodBounds(labelOf(1), policy.timeZone).start;

  return {
    head: { program: policy.program, policyHash },
    *closes(events) {
      const numberOf = periodFinder(first.kind, policy.timeZone);
      const byClose: SeenEvent[][] = Array.from({ length: count + 1 }, () => []);
      for (const event of events) {
        const period = numberOf(event.occurredAt) - first.ordinal + 1;
        const seen = seenAt === undefined ? 1 : seenAt(event);
        if (seen === undefined) continue;
        const close = judgingClose(seen, period);
        byClose[close]?.push({ event, period, close });
      }
      const closeNext = closer({
        currency: currencyOf(policy.currency),
        programStart,
        events: judgedEvents(byClose, allPolicies),
        policies: allPolicies,
      });
      const book = bookOfCreators(creators);
      for (let close = 1; close <= count; close += 1) {
        const period = labelOf(close);
        const valid = validVersion(versions, period);
        yield closeNext({
          close,
          period,
          policy: valid.policy,
          policyHash: valid.policyHash,
          creators: book(period),
          revenueEntries: revenue.get(period) ?? 0n,
        });
      }
    },
  };
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
