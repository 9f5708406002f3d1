import type { EngagementEvent, EventType } from './event.ts';

/** An event for tests: `event('like', 'v1', 'c1', '2026-10-03T00:00:00Z')`, with ids that grow. */
export function event(
  type: EventType,
  viewerId: string,
  creatorId: string,
  occurredAt: string | number,
  changes: Partial<EngagementEvent> = {},
): EngagementEvent {
  made += 1;
  return {
    id: `e${String(made).padStart(6, '0')}`,
    source: 'default',
    type,
    viewerId,
    creatorId,
    contentId: type === 'like' || type === 'unlike' ? 'k1' : '',
    occurredAt: typeof occurredAt === 'number' ? occurredAt : Date.parse(occurredAt),
    ...changes,
  };
}

let made = 0;
