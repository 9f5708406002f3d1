import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { RiskRule } from '@rewardbook/domain/policy/risk-rule';
import { type Accepted, type Close, gives, isBefore, isSameEngagement } from './history.ts';

const HOUR = 60 * 60 * 1000;

export interface Verdict extends Accepted {
  /** The rule that it is listed under; undefined: it counts. */
  readonly rule: RiskRule | undefined;
  /** Whether the register has it: if no rule other than a blocked list excludes it. */
  readonly isRegistered: boolean;
}

const BLOCKED_LISTS: readonly RiskRule[] = ['blockedViewers', 'blockedCreators'];

/** The verdict on every event that one of the closes judges. */
export function verdicts(accepted: readonly Accepted[], closes: readonly Close[]): Verdict[] {
  return accepted.flatMap((candidate) => {
    const close = closes.find(({ number }) => number === candidate.judgedAt);
    if (close === undefined) {
      return [];
    }
    const seen = accepted.filter(({ judgedAt }) => judgedAt <= close.number);
    const rules = gives(candidate.event) ? excludingRules(candidate, seen, close) : [];
    return [{ ...candidate, rule: rules[0], isRegistered: rules.every((rule) => BLOCKED_LISTS.includes(rule)) }];
  });
}

/** All rules that exclude an event, in the order in which they are asked. */
function excludingRules(candidate: Accepted, seen: readonly Accepted[], close: Close): RiskRule[] {
  const { event } = candidate;
  const rules: RiskRule[] = [];
  const { risk, maxLatePeriods } = close.policy;
  const ofViewer = seen.filter((other) => other.event.viewerId === event.viewerId);
  const before = ofViewer.filter(
    (other) => other.judgedAt < close.number || (other.judgedAt === close.number && isBefore(other.event, event)),
  );
  const hour = Math.floor(event.occurredAt / HOUR);

  const creator = close.creators.find(({ creatorId }) => creatorId === event.creatorId);
  if (event.viewerId === event.creatorId || creator?.viewerIds.includes(event.viewerId)) {
    rules.push('selfEngagement');
  }
  if (risk.blockedViewers?.includes(event.viewerId)) {
    rules.push('blockedViewers');
  }
  if (risk.blockedCreators?.includes(event.creatorId)) {
    rules.push('blockedCreators');
  }
  if (risk.maxEventsPerViewerPerHour !== undefined) {
    const inHour = before.filter((other) => Math.floor(other.event.occurredAt / HOUR) === hour);
    if (inHour.length >= risk.maxEventsPerViewerPerHour) {
      rules.push('maxEventsPerViewerPerHour');
    }
  }
  const inPeriod = before.filter((other) => other.period === candidate.period);
  if (risk.maxTogglesPerEngagement !== undefined) {
    const toggles = inPeriod.filter((other) => isSameEngagement(other.event, event));
    if (toggles.length >= risk.maxTogglesPerEngagement) {
      rules.push('maxTogglesPerEngagement');
    }
  }
  if (risk.maxLikesPerPair !== undefined && event.type === 'like') {
    const likes = inPeriod.filter((other) => other.event.type === 'like' && other.event.creatorId === event.creatorId);
    if (likes.length >= risk.maxLikesPerPair) {
      rules.push('maxLikesPerPair');
    }
  }
  if (risk.minViewerAgeHours !== undefined) {
    const earliest = Math.min(...ofViewer.map((other) => other.event.occurredAt));
    if (event.occurredAt < earliest + risk.minViewerAgeHours * HOUR) {
      rules.push('minViewerAgeHours');
    }
  }
  const isFromBefore = candidate.period < 1;
  if (isFromBefore ? close.number > 1 : close.number - candidate.period > maxLatePeriods) {
    rules.push('tooLate');
  }
  return rules;
}

/** Whether a close's policy makes the engagement of an event inactive. */
export function isBlocked(event: EngagementEvent, close: Close | undefined): boolean {
  const { blockedViewers, blockedCreators } = close?.policy.risk ?? {};
  return (blockedViewers?.includes(event.viewerId) || blockedCreators?.includes(event.creatorId)) ?? false;
}
