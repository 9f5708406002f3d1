import { type EngagementEvent, isDuplicate, isSameIdentity } from '@rewardbook/domain/event';
import type { Acceptance } from './accepted-events.ts';

/** Accepted events as objects, for what changes them or uses them several times: of several with the same identity, the first stands. */
export interface EventList {
  add(event: EngagementEvent): Acceptance;
  readonly events: readonly EngagementEvent[];
}

export function eventList(): EventList {
  const events: EngagementEvent[] = [];
  // By id alone: nearly every id belongs to one event, and joining viewer, source and id for each costs more than all the rest.
  const byId = new Map<string, EngagementEvent | EngagementEvent[]>();
  return {
    events,
    add(event) {
      const known = byId.get(event.id);
      if (known === undefined) {
        byId.set(event.id, event);
      } else if (Array.isArray(known)) {
        const same = known.find((other) => isSameIdentity(other, event));
        if (same) return isDuplicate(same, event) ? 'duplicate' : 'conflict';
        known.push(event);
      } else {
        if (isSameIdentity(known, event)) return isDuplicate(known, event) ? 'duplicate' : 'conflict';
        byId.set(event.id, [known, event]);
      }
      events.push(event);
      return 'accepted';
    },
  };
}
