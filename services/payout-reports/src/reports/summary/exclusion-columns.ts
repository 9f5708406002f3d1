import { excludedSchema } from '@rewardbook/contracts/api/result';
import type { RiskRule } from '@rewardbook/domain/policy/risk-rule';
import { z } from 'zod';

const excludedListSchema = z.array(excludedSchema);

/**
 * Each rule's events and points as columns: zero where a closed period has none under it, null where it is not closed.
 *
 * @param text the close's exclusions as stored: JSON `[{rule, events, points}]`
 */
export function exclusionColumns(text: string | null) {
  const list = text === null ? undefined : excludedListSchema.parse(JSON.parse(text));
  const of = (rule: RiskRule) => list?.find((excluded) => excluded.rule === rule);
  const events = (rule: RiskRule): number | null => (list === undefined ? null : (of(rule)?.events ?? 0));
  const points = (rule: RiskRule): string | null => (list === undefined ? null : (of(rule)?.points ?? '0'));
  return {
    excluded_selfEngagement_events: events('selfEngagement'),
    excluded_selfEngagement_points: points('selfEngagement'),
    excluded_blockedViewers_events: events('blockedViewers'),
    excluded_blockedViewers_points: points('blockedViewers'),
    excluded_blockedCreators_events: events('blockedCreators'),
    excluded_blockedCreators_points: points('blockedCreators'),
    excluded_maxEventsPerViewerPerHour_events: events('maxEventsPerViewerPerHour'),
    excluded_maxEventsPerViewerPerHour_points: points('maxEventsPerViewerPerHour'),
    excluded_maxTogglesPerEngagement_events: events('maxTogglesPerEngagement'),
    excluded_maxTogglesPerEngagement_points: points('maxTogglesPerEngagement'),
    excluded_maxLikesPerPair_events: events('maxLikesPerPair'),
    excluded_maxLikesPerPair_points: points('maxLikesPerPair'),
    excluded_minViewerAgeHours_events: events('minViewerAgeHours'),
    excluded_minViewerAgeHours_points: points('minViewerAgeHours'),
    excluded_tooLate_events: events('tooLate'),
    excluded_tooLate_points: points('tooLate'),
  };
}
