import type { ExcludedByRule } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import { type Fate, isActiveAt, winnerAt } from './engagements.ts';
import { type Close, gives, isBefore, isSameEngagement } from './history.ts';
import type { Verdict } from './judging.ts';
import { Decimal } from './split.ts';

/** Events that each rule excluded at a close, and the points that they would have added. */
export function excludedByRule(
  close: Close,
  closes: readonly Close[],
  judged: readonly Verdict[],
  all: readonly Fate[],
  isVoid: (creatorId: string, close: number) => boolean,
): ExcludedByRule[] {
  const start = closes[0]?.start ?? 0;
  return RISK_RULES.flatMap((rule) => {
    const events = judged.filter((verdict) => verdict.judgedAt === close.number && verdict.rule === rule);
    if (events.length === 0) {
      return [];
    }
    let points = new Decimal(0);
    for (const fate of all) {
      const own = events.filter(({ event }) => isSameEngagement(event, fate.example) && event.occurredAt >= start);
      const latest = own.map(({ event }) => event).reduce(later, undefined);
      if (latest !== undefined && wouldAdd(fate, latest, close, judged, isVoid)) {
        points = points.plus(fate.example.contentId === '' ? close.policy.weights.follow : close.policy.weights.like);
      }
    }
    return [{ rule, events: events.length, points: points.isZero() ? '0' : points.toFixed() }];
  });
}

function wouldAdd(
  { example, baseline, turns }: Fate,
  latest: EngagementEvent,
  close: Close,
  judged: readonly Verdict[],
  isVoid: (creatorId: string, close: number) => boolean,
): boolean {
  if (baseline || isActiveAt(judged, example, close)) {
    return false;
  }
  const winner = winnerAt(judged, example, close.number);
  if (winner !== undefined && isBefore(latest, winner)) {
    return false;
  }
  const turn = turns.findLast(({ gainedAt }) => gainedAt <= close.number);
  if (turn === undefined) {
    return true;
  }
  if (turn.lostAt === close.number) {
    return !isVoid(example.creatorId, turn.gainedAt);
  }
  // Lost before: it would earn again only where a block alone took it away.
  const last = winnerAt(judged, example, turn.lostAt ?? 0);
  return last !== undefined && gives(last);
}

function later(latest: EngagementEvent | undefined, event: EngagementEvent): EngagementEvent {
  return latest === undefined || isBefore(latest, event) ? event : latest;
}
