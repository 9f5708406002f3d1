import type { CreatorFacts } from '../policy/creator.ts';
import { parseDate } from '../values/calendar.ts';
import { startOfDate } from '../values/time-zone.ts';
import { type Engagement, isActive } from './engagement.ts';

export interface FollowsInput {
  /** Engagements at the close; likes are passed over. */
  readonly engagements: Iterable<Engagement>;
  readonly registered: (creatorId: string) => CreatorFacts | undefined;
  readonly isBlocked: (viewerId: string, creatorId: string) => boolean;
  readonly timeZone: string;
}

/**
 * Active follows of each creator with `occurredAt` on or after `joinedOn` in the program's zone, or all where there is no such
 * date. Blocked follows are inactive.
 */
export function countFollows({ engagements, registered, isBlocked, timeZone }: FollowsInput): Map<string, number> {
  const startOfJoining = startsOfDates(timeZone);
  const follows = new Map<string, number>();
  for (const engagement of engagements) {
    const { contentId, viewerId, creatorId, winner } = engagement;
    if (contentId !== '' || winner === undefined || !isActive(engagement) || isBlocked(viewerId, creatorId)) {
      continue;
    }
    const joinedOn = registered(creatorId)?.joinedOn;
    if (joinedOn == null || winner.occurredAt >= startOfJoining(joinedOn)) {
      follows.set(creatorId, (follows.get(creatorId) ?? 0) + 1);
    }
  }
  return follows;
}

/** Followers of a creator at a close: those on joining, and the follows of `countFollows`; of parts of the viewers they add up. */
export function followersOf(
  follows: readonly ReadonlyMap<string, number>[],
  registered: FollowsInput['registered'],
): (creatorId: string) => number {
  return (creatorId) =>
    follows.reduce((sum, part) => sum + (part.get(creatorId) ?? 0), registered(creatorId)?.followers ?? 0);
}

/** Starts of dates `YYYY-MM-DD` in a zone, each worked out once. A text that is not a date excludes nothing. */
function startsOfDates(timeZone: string): (date: string) => number {
  const starts = new Map<string, number>();
  return (date) => {
    let start = starts.get(date);
    if (start === undefined) {
      const day = parseDate(date);
      start = day === undefined ? Number.NEGATIVE_INFINITY : startOfDate(day, timeZone);
      starts.set(date, start);
    }
    return start;
  };
}
