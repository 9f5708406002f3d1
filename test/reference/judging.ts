import type { EngagementEvent } from '@rewardbook/domain/event';
import type { RiskRule } from '@rewardbook/domain/risk-rule';
import { type Accepted, type Close, gives, isBefore, isSameEngagement } from './history.ts';

const HOUR = 60 * 60 * 1000;

export interface Verdict extends Accepted {
  /** undefined: it counts. */
  readonly rule: RiskRule | undefined;
}

/** The verdict on every event that one of the closes judges. */
export function verdicts(accepted: readonly Accepted[], closes: readonly Close[]): Verdict[] {
  return accepted.flatMap((candidate) => {
    const close = closes.find(({ number }) => number === candidate.judgedAt);
    if (close === undefined) return [];
    const seen = accepted.filter(({ judgedAt }) => judgedAt <= close.number);
    return [{ ...candidate, rule: gives(candidate.event) ? excludingRule(candidate, seen, close) : undefined }];
  });
}

function excludingRule(candidate: Accepted, seen: readonly Accepted[], close: Close): RiskRule | undefined {
  const { event } = candidate;
  const { risk, maxLatePeriods } = close.policy;
  const ofViewer = seen.filter((other) => other.event.viewerId === event.viewerId);
  const before = ofViewer.filter((other) => isBefore(other.event, event));
  const hour = Math.floor(event.occurredAt / HOUR);

  const creator = close.creators.find(({ creatorId }) => creatorId === event.creatorId);
  if (event.viewerId === event.creatorId || creator?.viewerIds.includes(event.viewerId)) return 'selfEngagement';
  if (risk.blockedViewers?.includes(event.viewerId)) return 'blockedViewers';
  if (risk.blockedCreators?.includes(event.creatorId)) return 'blockedCreators';
  if (risk.maxEventsPerViewerPerHour !== undefined) {
    const inHour = before.filter((other) => Math.floor(other.event.occurredAt / HOUR) === hour);
    if (inHour.length >= risk.maxEventsPerViewerPerHour) return 'maxEventsPerViewerPerHour';
  }
  const inPeriod = before.filter((other) => other.period === candidate.period);
  if (risk.maxTogglesPerEngagement !== undefined) {
    const toggles = inPeriod.filter((other) => isSameEngagement(other.event, event));
    if (toggles.length >= risk.maxTogglesPerEngagement) return 'maxTogglesPerEngagement';
  }
  if (risk.maxLikesPerPair !== undefined && event.type === 'like') {
    const likes = inPeriod.filter((other) => other.event.type === 'like' && other.event.creatorId === event.creatorId);
    if (likes.length >= risk.maxLikesPerPair) return 'maxLikesPerPair';
  }
  if (risk.minViewerAgeHours !== undefined) {
    const earliest = Math.min(...ofViewer.map((other) => other.event.occurredAt));
    if (event.occurredAt < earliest + risk.minViewerAgeHours * HOUR) return 'minViewerAgeHours';
  }
  const isFromBefore = candidate.period < 1;
  if (isFromBefore ? close.number > 1 : close.number - candidate.period > maxLatePeriods) return 'tooLate';
  return undefined;
}

/** Whether a close's policy makes the engagement of an event inactive. */
export function isBlocked(event: EngagementEvent, close: Close): boolean {
  const { blockedViewers, blockedCreators } = close.policy.risk;
  return (blockedViewers?.includes(event.viewerId) || blockedCreators?.includes(event.creatorId)) ?? false;
}
