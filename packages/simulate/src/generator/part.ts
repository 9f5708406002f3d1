import type { EventType } from '@rewardbook/domain/events/event';

/** What an event does; when, and under which id, comes from the generator. */
export interface Action {
  readonly type: EventType;
  readonly viewerId: string;
  readonly creatorId: string;
  readonly contentId: string;
}

/** A source of events besides everyday life: a burst, an adversary. */
export interface Part {
  /** How many it makes in each hour of the scenario. */
  readonly eventsOfHour: Uint32Array;
  /** Whether what it gives may be taken back as everything else is. */
  readonly isOrganic: boolean;
  /** Its next event; `day` counts from the scenario's first. */
  next(day: number): Action;
}

/**
 * Spreads events over hours: by `startHour + x` the fraction y of them has come, for each point [x, y] of the curve, evenly between
 * points. What would come after the last hour comes in it. Exact in sum.
 */
export function spreadOver(
  hours: number,
  events: number,
  startHour: number,
  curve: readonly (readonly [number, number])[],
): Uint32Array {
  const eventsOfHour = new Uint32Array(hours);
  let given = 0;
  for (let hour = 0; hour < hours; hour++) {
    const until = hour === hours - 1 ? events : Math.floor(events * reached(curve, hour + 1 - startHour));
    eventsOfHour[hour] = until - given;
    given = until;
  }
  return eventsOfHour;
}

function reached(curve: readonly (readonly [number, number])[], x: number): number {
  let [beforeX, beforeY] = [0, 0];
  if (x <= 0) {
    return 0;
  }
  for (const [nextX, nextY] of curve) {
    if (x < nextX) {
      return beforeY + ((nextY - beforeY) * (x - beforeX)) / (nextX - beforeX);
    }
    [beforeX, beforeY] = [nextX, nextY];
  }
  return 1;
}
