import type { EngagementEvent } from '@rewardbook/domain/event';
import type { ExcludedByRule } from '@rewardbook/domain/result';
import { RISK_RULES } from '@rewardbook/domain/risk-rule';
import { type Fate, winnerAt } from './engagements.ts';
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
    if (events.length === 0) return [];
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
  { example, baseline, gainedAt, lostAt }: Fate,
  latest: EngagementEvent,
  close: Close,
  judged: readonly Verdict[],
  isVoid: (creatorId: string, close: number) => boolean,
): boolean {
  const winner = winnerAt(judged, example, close.number);
  if (winner !== undefined && (gives(winner) || isBefore(latest, winner))) return false;
  const neverEarned = !baseline && (gainedAt === undefined || gainedAt > close.number);
  const lostNow = lostAt === close.number && gainedAt !== undefined && !isVoid(example.creatorId, gainedAt);
  return neverEarned || lostNow;
}

function later(latest: EngagementEvent | undefined, event: EngagementEvent): EngagementEvent {
  return latest === undefined || isBefore(latest, event) ? event : latest;
}
