import type { Engagement } from './engagement.ts';
import { compareEvents, type EngagementEvent } from './event.ts';

/** The engagement that an event is about, before any event. */
export function newEngagement({ viewerId, creatorId, contentId }: EngagementEvent): Engagement {
  return { viewerId, creatorId, contentId, winner: undefined, status: 'none', gainedAt: 0, lostAt: 0 };
}

/** Adds an event to the register as plainly as the rule says it; the simulation and SQL do so without an object for each event. */
export function fold(engagement: Engagement, event: EngagementEvent): void {
  if (engagement.winner === undefined || compareEvents(event, engagement.winner) > 0) {
    engagement.winner = event;
  }
}
