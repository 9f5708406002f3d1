import type { EngagementEvent } from '@rewardbook/domain/event';
import { type Close, gives, isBefore, isSameEngagement } from './history.ts';
import { isBlocked, type Verdict } from './judging.ts';

/** What became of one engagement: numbers of the closes that gained and lost it. */
export interface Fate {
  /** Any event of it: all have the same viewer, creator and content. */
  readonly example: EngagementEvent;
  readonly baseline: boolean;
  readonly gainedAt: number | undefined;
  readonly lostAt: number | undefined;
}

export function fates(judged: readonly Verdict[], closes: readonly Close[]): Fate[] {
  const examples: EngagementEvent[] = [];
  for (const { event } of judged) {
    if (!examples.some((example) => isSameEngagement(example, event))) examples.push(event);
  }
  const start = closes[0]?.start ?? 0;
  return examples.map((example) => {
    const before = winnerAt(judged, example, 1, start);
    const baseline = before !== undefined && gives(before);
    const active = closes.filter((close) => isActiveAt(judged, example, close)).map(({ number }) => number);
    const gainedAt = baseline ? undefined : active[0];
    const lostAt =
      gainedAt === undefined
        ? undefined
        : closes.map(({ number }) => number).find((number) => number > gainedAt && !active.includes(number));
    return { example, baseline, gainedAt, lostAt };
  });
}

/** The latest counted event of an engagement after a close, of those that happened before an instant. */
export function winnerAt(
  judged: readonly Verdict[],
  example: EngagementEvent,
  close: number,
  before = Number.POSITIVE_INFINITY,
): EngagementEvent | undefined {
  let winner: EngagementEvent | undefined;
  for (const { event, judgedAt, rule } of judged) {
    if (rule !== undefined || judgedAt > close || event.occurredAt >= before) continue;
    if (!isSameEngagement(event, example)) continue;
    if (winner === undefined || isBefore(winner, event)) winner = event;
  }
  return winner;
}

export function isActiveAt(judged: readonly Verdict[], example: EngagementEvent, close: Close): boolean {
  const winner = winnerAt(judged, example, close.number);
  return winner !== undefined && gives(winner) && !isBlocked(example, close);
}
