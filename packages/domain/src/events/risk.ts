import type { Policy, RiskPolicy } from '../policy/policy.ts';
import type { RiskRule } from '../policy/risk-rule.ts';
import { type EngagementEvent, isGiving } from './event.ts';

const MS_PER_HOUR = 3_600_000;

/** An accepted event and its place in the program. */
export interface SeenEvent {
  readonly event: EngagementEvent;
  /** Number of its own period: 1 for the first, 0 and below for those before the first. */
  readonly period: number;
  /** Number of the close that judges it. */
  readonly close: number;
}

/**
 * The close that judges an event: the first that sees it recorded and whose period ends after it.
 *
 * @param seenAt number of the first close that saw it recorded
 * @param period number of its own period; those before the first are judged with the first
 */
export function judgingClose(seenAt: number, period: number): number {
  return Math.max(seenAt, period, 1);
}

/** Who counts as what at one close. */
export interface JudgeInput {
  /** Number of the close, from 1. */
  readonly close: number;
  readonly policy: Pick<Policy, 'risk' | 'maxLatePeriods'>;
  /** Whether the viewer is registered as the creator's own. */
  readonly isOwnViewer: (viewerId: string, creatorId: string) => boolean;
}

/**
 * The verdict on one event; no rule means that it counts. It enters the register if it counts, and also if only a
 * blocked list excludes it: when the block ends, its effect is there.
 */
export type Verdict<Seen extends SeenEvent> = (
  seen: Seen,
  excludedBy: RiskRule | undefined,
  entersRegister: boolean,
) => void;

/**
 * Judges the events of one viewer: calls `verdict` for each that this close judges. Events are all of the viewer's that
 * this or an earlier close judges, by `(occurredAt, id, source)`. If `needsHistory` is false each event is judged on
 * its own, and any events may be given, in any order.
 */
export type Judge = <Seen extends SeenEvent>(events: readonly Seen[], verdict: Verdict<Seen>) => void;

/** Whether a rule looks at the viewer's other events. */
export function needsHistory(risk: RiskPolicy): boolean {
  return (
    risk.maxEventsPerViewerPerHour !== undefined ||
    risk.maxTogglesPerEngagement !== undefined ||
    risk.maxLikesPerPair !== undefined ||
    risk.minViewerAgeHours !== undefined
  );
}

/** Whether the policy makes engagements of this viewer with this creator inactive. */
export function blocks(risk: RiskPolicy): (viewerId: string, creatorId: string) => boolean {
  const viewers = new Set(risk.blockedViewers);
  const creators = new Set(risk.blockedCreators);
  return (viewerId, creatorId) => viewers.has(viewerId) || creators.has(creatorId);
}

/** The rules of one close, in the order of RISK_RULES. */
export function judge({ close, policy, isOwnViewer }: JudgeInput): Judge {
  const { risk, maxLatePeriods } = policy;
  const blockedViewers = new Set(risk.blockedViewers);
  const blockedCreators = new Set(risk.blockedCreators);
  const historyMatters = needsHistory(risk);

  const isSelf = ({ viewerId, creatorId }: EngagementEvent): boolean =>
    viewerId === creatorId || isOwnViewer(viewerId, creatorId);
  const blockedBy = ({ viewerId, creatorId }: EngagementEvent): RiskRule | undefined => {
    if (blockedViewers.has(viewerId)) {
      return 'blockedViewers';
    }
    return blockedCreators.has(creatorId) ? 'blockedCreators' : undefined;
  };
  // Events from before the first period are in time for the first close only.
  const isTooLate = ({ period }: SeenEvent): boolean => close > (period < 1 ? 1 : period + maxLatePeriods);

  return (events, verdict) => {
    const earliest = events[0]?.event.occurredAt ?? 0;
    const from = historyMatters ? firstThatMatters(events, close) : 0;
    const windows = historyMatters ? new Windows(risk) : undefined;
    // Events that were judged before keep their places: one that is sent late and dated early comes after them.
    if (windows !== undefined) {
      for (let index = from; index < events.length; index += 1) {
        const seen = events[index];
        if (seen !== undefined && seen.close !== close) {
          windows.add(seen);
        }
      }
    }
    for (let index = from; index < events.length; index += 1) {
      const seen = events[index];
      if (seen === undefined || seen.close !== close) {
        continue;
      }
      // Every event takes its place in the windows, whatever its type; only likes and follows are excluded.
      const exceeded = windows?.exceededBy(seen, earliest);
      const { event } = seen;
      if (!isGiving(event.type)) {
        verdict(seen, undefined, true);
      } else if (isSelf(event)) {
        verdict(seen, 'selfEngagement', false);
      } else {
        const keptOutBy = exceeded ?? (isTooLate(seen) ? 'tooLate' : undefined);
        verdict(seen, blockedBy(event) ?? keptOutBy, keptOutBy === undefined);
      }
    }
  };
}

/** Counts of one viewer's events in the windows of the limits; kept while one close judges them. */
class Windows {
  readonly #risk: RiskPolicy;
  readonly #counts = new Map<string, number>();

  constructor(risk: RiskPolicy) {
    this.#risk = risk;
  }

  /** Counts an event in and gives the first limit that it exceeds. */
  exceededBy(seen: SeenEvent, earliest: number): RiskRule | undefined {
    const exceeded = this.add(seen);
    const { minViewerAgeHours } = this.#risk;
    if (exceeded !== undefined || minViewerAgeHours === undefined) {
      return exceeded;
    }
    return seen.event.occurredAt < earliest + minViewerAgeHours * MS_PER_HOUR ? 'minViewerAgeHours' : undefined;
  }

  /** Counts an event in and gives the first limit on counts that it exceeds. */
  add({ event, period }: SeenEvent): RiskRule | undefined {
    const { maxEventsPerViewerPerHour, maxTogglesPerEngagement, maxLikesPerPair } = this.#risk;
    const { type, creatorId, contentId, occurredAt } = event;
    let exceeded: RiskRule | undefined;
    if (maxEventsPerViewerPerHour !== undefined) {
      if (this.#next(`hour ${hourOf(occurredAt)}`) > maxEventsPerViewerPerHour) {
        exceeded = 'maxEventsPerViewerPerHour';
      }
    }
    if (maxTogglesPerEngagement !== undefined) {
      // Ids have no control characters, so NUL keeps the parts of a key apart.
      const toggles = this.#next(`toggle ${period}\0${creatorId}\0${contentId}`);
      if (toggles > maxTogglesPerEngagement) {
        exceeded ??= 'maxTogglesPerEngagement';
      }
    }
    if (maxLikesPerPair !== undefined && type === 'like') {
      if (this.#next(`pair ${period}\0${creatorId}`) > maxLikesPerPair) {
        exceeded ??= 'maxLikesPerPair';
      }
    }
    return exceeded;
  }

  #next(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }
}

/** The first event in a window of the first event that the close judges: all before it are in windows that are over. */
function firstThatMatters(events: readonly SeenEvent[], close: number): number {
  let index = events.findIndex((seen) => seen.close === close);
  const first = events[index];
  if (first === undefined) {
    return events.length;
  }
  for (let before = events[index - 1]; before !== undefined; before = events[index - 1]) {
    if (!sharesWindow(before, first)) {
      break;
    }
    index -= 1;
  }
  return index;
}

/** Whether the windows of the limits may hold both: they are periods and clock hours. */
export function sharesWindow(a: SeenEvent, b: SeenEvent): boolean {
  return a.period === b.period || hourOf(a.event.occurredAt) === hourOf(b.event.occurredAt);
}

/** Clock hour in UTC. */
function hourOf(epochMilliseconds: number): number {
  return Math.floor(epochMilliseconds / MS_PER_HOUR);
}
