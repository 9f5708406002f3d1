import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { periodAt, periodBounds, periodOf } from '@rewardbook/domain/values/period';

/** An event as it came, with the number of the first close that saw it recorded. */
export interface Recorded {
  readonly event: EngagementEvent;
  readonly seenAt: number;
}

export interface History {
  /** Versions in the order of their numbers. */
  readonly policies: readonly { policy: Policy; policyHash: string; validFrom: string | null }[];
  readonly creators: (period: string) => readonly RegisteredCreator[];
  /** In the order in which they were recorded. */
  readonly recorded: readonly Recorded[];
  /** Periods in order and without gaps, with their revenue in major units. */
  readonly periods: readonly { period: string; revenue: string }[];
}

/** One close, and what is valid for it. */
export interface Close {
  readonly number: number;
  readonly period: string;
  readonly start: number;
  readonly end: number;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly creators: readonly RegisteredCreator[];
  readonly revenue: string;
}

export function closesOf(history: History): Close[] {
  return history.periods.map(({ period, revenue }, index) => {
    const valid = history.policies.filter((version) => {
      return version.validFrom === null || periodOf(version.validFrom).ordinal <= periodOf(period).ordinal;
    });
    const firstOf = (from: string | null) => (from === null ? Number.NEGATIVE_INFINITY : periodOf(from).ordinal);
    const version = valid.sort((a, b) => firstOf(a.validFrom) - firstOf(b.validFrom)).at(-1); // stable: the later one of two
    if (version === undefined) {
      throw new Error(`no policy for ${period}`);
    }
    const { start, end } = periodBounds(period, version.policy.timeZone);
    const { policy, policyHash } = version;
    return { number: index + 1, period, start, end, policy, policyHash, creators: history.creators(period), revenue };
  });
}

/** An accepted event with the number of its own period (the first is 1, before it 0, −1, …) and of the close that judges it. */
export interface Accepted {
  readonly event: EngagementEvent;
  readonly period: number;
  readonly judgedAt: number;
}

export function acceptedEvents(history: History, closes: readonly Close[]): Accepted[] {
  const first = closes[0];
  if (first === undefined) {
    return [];
  }
  const standing: Recorded[] = [];
  for (const { event, seenAt } of history.recorded) {
    const same = standing.find(
      (other) =>
        other.event.viewerId === event.viewerId && other.event.source === event.source && other.event.id === event.id,
    );
    if (same === undefined) {
      standing.push({ event, seenAt });
    }
  }
  const { period: kind, timeZone } = first.policy;
  return standing.map(({ event, seenAt }) => {
    const period = periodOf(periodAt(event.occurredAt, kind, timeZone)).ordinal - periodOf(first.period).ordinal + 1;
    return { event, period, judgedAt: Math.max(seenAt, period, 1) };
  });
}

/** Whether a comes before b by `(occurredAt, id, source)`, strings as UTF-8 bytes. */
export function isBefore(a: EngagementEvent, b: EngagementEvent): boolean {
  if (a.occurredAt !== b.occurredAt) {
    return a.occurredAt < b.occurredAt;
  }
  const byId = Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
  return byId !== 0 ? byId < 0 : Buffer.compare(Buffer.from(a.source), Buffer.from(b.source)) < 0;
}

export function isSameEngagement(a: EngagementEvent, b: EngagementEvent): boolean {
  return a.viewerId === b.viewerId && a.creatorId === b.creatorId && a.contentId === b.contentId;
}

export function gives(event: EngagementEvent): boolean {
  return event.type === 'like' || event.type === 'follow';
}
