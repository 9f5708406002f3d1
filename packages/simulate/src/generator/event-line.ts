import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { formatInstant } from '@rewardbook/domain/values/instant';

/** An event as one line of NDJSON in the wire format, without the line feed. */
export function eventLine(event: EngagementEvent): string {
  const { id, source, type, viewerId, creatorId, contentId, occurredAt } = event;
  const at = formatInstant(occurredAt);
  return contentId === ''
    ? JSON.stringify({ id, source, type, viewerId, creatorId, occurredAt: at })
    : JSON.stringify({ id, source, type, viewerId, creatorId, contentId, occurredAt: at });
}
