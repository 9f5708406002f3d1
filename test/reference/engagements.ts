import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { type Close, gives, isBefore, isSameEngagement } from './history.ts';
import { isBlocked, type Verdict } from './judging.ts';

/** What became of one engagement. */
export interface Fate {
  /** Any event of it: all have the same viewer, creator and content. */
  readonly example: EngagementEvent;
  readonly baseline: boolean;
  /** In order; more than one only where blocks alone took away what was gained, and then ended. */
  readonly turns: readonly Turn[];
}

/** Numbers of the close that gained an engagement and of the one that lost it again, if any. */
export interface Turn {
  readonly gainedAt: number;
  readonly lostAt: number | undefined;
}

export function fates(judged: readonly Verdict[], closes: readonly Close[]): Fate[] {
  const examples: EngagementEvent[] = [];
  for (const { event } of judged) {
    if (!examples.some((example) => isSameEngagement(example, event))) {
      examples.push(event);
    }
  }
  const start = closes[0]?.start ?? 0;
  return examples.map((example) => {
    const before = winnerAt(judged, example, 1, start);
    const baseline = before !== undefined && gives(before);
    return {
      example,
      baseline,
      turns: baseline ? [] : turnsFrom(1, judged, example, closes),
    };
  });
}

/** Gained at the first close from `from` on at which it is active, lost at the first after that at which it is not. */
function turnsFrom(
  from: number,
  judged: readonly Verdict[],
  example: EngagementEvent,
  closes: readonly Close[],
): Turn[] {
  const gained = closes.find((close) => close.number >= from && isActiveAt(judged, example, close));
  if (gained === undefined) {
    return [];
  }
  const lost = closes.find((close) => close.number > gained.number && !isActiveAt(judged, example, close));
  const turn = { gainedAt: gained.number, lostAt: lost?.number };
  if (lost === undefined) {
    return [turn];
  }
  // Lost by a block alone, it is as if it had not been gained before.
  const winner = winnerAt(judged, example, lost.number);
  const isByBlockAlone = winner !== undefined && gives(winner);
  return isByBlockAlone ? [turn, ...turnsFrom(lost.number + 1, judged, example, closes)] : [turn];
}

/** The latest event of an engagement that the register has after a close, of those that happened before an instant. */
export function winnerAt(
  judged: readonly Verdict[],
  example: EngagementEvent,
  close: number,
  before = Number.POSITIVE_INFINITY,
): EngagementEvent | undefined {
  let winner: EngagementEvent | undefined;
  for (const { event, judgedAt, isRegistered } of judged) {
    if (!isRegistered || judgedAt > close || event.occurredAt >= before) {
      continue;
    }
    if (!isSameEngagement(event, example)) {
      continue;
    }
    if (winner === undefined || isBefore(winner, event)) {
      winner = event;
    }
  }
  return winner;
}

export function isActiveAt(judged: readonly Verdict[], example: EngagementEvent, close: Close): boolean {
  const winner = winnerAt(judged, example, close.number);
  return winner !== undefined && gives(winner) && !isBlocked(example, close);
}
