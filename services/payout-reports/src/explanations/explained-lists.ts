import type { ExplainedEngagement, ExplainedEvent } from '@rewardbook/contracts/api/explanation';
import { eventType } from '@rewardbook/domain/events/event';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { type ExplainedCreator, explanationPath } from './explanation-scope.ts';
import { type EngagementFilter, type EventFilter, listEngagements, listJudged } from './sql/events.ts';

/** The engagements that a close changed for a creator, by viewer and content. */
export async function explainedEngagements(
  creator: ExplainedCreator,
  filter: EngagementFilter,
): Promise<ExplainedEngagement[]> {
  const path = explanationPath(creator);
  const rows = await listEngagements(creator.context.sql, creator.scope, filter);
  return rows.map(({ contentId, eventId, source, occurredAt, ...row }) => ({
    ...row,
    contentId: contentId === '' ? null : contentId,
    event: { id: eventId, source, occurredAt: formatInstant(occurredAt) },
    eventsLink: `${path}/events?${new URLSearchParams({ viewerId: row.viewerId, contentId })}`,
  }));
}

/** The events that a close judged for a creator, by time, and the rule that excluded each, or none. */
export async function explainedEvents(creator: ExplainedCreator, filter: EventFilter): Promise<ExplainedEvent[]> {
  const rows = await listJudged(creator.context.sql, creator.scope, filter);
  return rows.map(({ id, source, viewerId, contentId, active, occurredAt, rule, inRegister }) => ({
    id,
    source,
    type: eventType(contentId === '', active),
    viewerId,
    contentId: contentId === '' ? null : contentId,
    occurredAt: formatInstant(occurredAt),
    excludedBy: rule,
    inRegister,
  }));
}
