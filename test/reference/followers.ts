import { startOfDate } from '@rewardbook/domain/values/time-zone';
import { type Fate, isActiveAt, winnerAt } from './engagements.ts';
import { type Close, gives } from './history.ts';
import { isBlocked, type Verdict } from './judging.ts';

/** Those on joining, and active follows since then, at the end of a close. */
export function followersAt(creatorId: string, close: Close, judged: readonly Verdict[], all: readonly Fate[]): number {
  const { onJoining, since } = joining(creatorId, close);
  const follows = all.filter(({ example }) => {
    if (example.creatorId !== creatorId || example.contentId !== '') {
      return false;
    }
    return isActiveAt(judged, example, close) && (winnerAt(judged, example, close.number)?.occurredAt ?? 0) >= since;
  });
  return onJoining + follows.length;
}

/** The same at the start of the first period. */
export function followersAtStart(
  creatorId: string,
  close: Close,
  judged: readonly Verdict[],
  all: readonly Fate[],
): number {
  const { onJoining, since } = joining(creatorId, close);
  const follows = all.filter(({ example }) => {
    if (example.creatorId !== creatorId || example.contentId !== '' || isBlocked(example, close)) {
      return false;
    }
    const winner = winnerAt(judged, example, close.number, close.start);
    return winner !== undefined && gives(winner) && winner.occurredAt >= since;
  });
  return onJoining + follows.length;
}

function joining(creatorId: string, { creators, policy }: Close): { onJoining: number; since: number } {
  const creator = creators.find((other) => other.creatorId === creatorId);
  const joinedOn = creator?.joinedOn;
  return {
    onJoining: creator?.followers ?? 0,
    since: joinedOn == null ? Number.NEGATIVE_INFINITY : startOfDate(dayOf(joinedOn), policy.timeZone),
  };
}

/** Days since 1970 of a date, as 2026-01-31. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}
