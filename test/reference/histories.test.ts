import type { CreatorResult } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fates } from './engagements.ts';
import { histories } from './histories.ts';
import { acceptedEvents, type Close, closesOf, isBefore, isSameEngagement } from './history.ts';
import { isBlocked, type Verdict, verdicts } from './judging.ts';
import { referenceResults } from './program.ts';
import { Decimal } from './split.ts';

const SAMPLE = 700;
const LIMITS = ['maxEventsPerViewerPerHour', 'maxTogglesPerEngagement', 'maxLikesPerPair'] as const;

/** Whether a limit keeps out an event that happened before one of the same viewer and period that an earlier close judged. */
function keepsOutLate(limit: (typeof LIMITS)[number], judged: readonly Verdict[]): boolean {
  return judged.some(
    ({ event, rule, judgedAt, period }) =>
      rule === limit &&
      judged.some(
        (other) =>
          other.judgedAt < judgedAt &&
          other.period === period &&
          other.event.viewerId === event.viewerId &&
          isBefore(event, other.event),
      ),
  );
}

function isTouched(judged: readonly Verdict[], example: EngagementEvent, close: number): boolean {
  return judged.some(({ event, judgedAt }) => judgedAt === close && isSameEngagement(event, example));
}

function unboosted({ netLikes, netFollows, carriedIn }: CreatorResult, close: Close | undefined): string {
  const { like, follow } = close?.policy.weights ?? { like: '0', follow: '0' };
  return new Decimal(carriedIn)
    .plus(new Decimal(like).times(netLikes))
    .plus(new Decimal(follow).times(netFollows))
    .toFixed();
}

// A comparison over histories in which nothing happens would show nothing.
it('random histories reach every rule, in numbers', () => {
  const reached = new Map<string, number>();
  const note = (what: string, holds: boolean): void => {
    reached.set(what, (reached.get(what) ?? 0) + (holds ? 1 : 0));
  };
  for (const history of fc.sample(histories(), { numRuns: SAMPLE, seed: 7 })) {
    const closes = closesOf(history);
    const accepted = acceptedEvents(history, closes);
    note('duplicates or conflicts', accepted.length < history.recorded.length);
    const judged = verdicts(accepted, closes);
    for (const rule of RISK_RULES) {
      for (const verdict of judged) {
        note(rule, verdict.rule === rule);
      }
    }
    for (const limit of LIMITS) {
      note(`${limit}: sent late, dated early`, keepsOutLate(limit, judged));
    }
    for (const { rule, isRegistered } of judged) {
      const isBlocked = rule === 'blockedViewers' || rule === 'blockedCreators';
      note('blocked, and in the register', isBlocked && isRegistered);
      note('blocked, and kept out by another rule', isBlocked && !isRegistered);
    }
    for (const { example, baseline, turns } of fates(judged, closes)) {
      note('baseline', baseline);
      note('gained', turns.length > 0);
      note(
        'lost',
        turns.some(({ lostAt }) => lostAt !== undefined),
      );
      note('lost by a block alone and gained again', turns.length > 1);
      note('baseline, blocked', baseline && isBlocked(example, closes[0]));
      note(
        'given under a block, gained when it ends',
        turns.some(({ gainedAt }) => isBlocked(example, closes[gainedAt - 2]) && !isTouched(judged, example, gainedAt)),
      );
    }
    for (const [index, result] of referenceResults(history).entries()) {
      const { allocation, boosts } = closes[index]?.policy ?? { boosts: [] };
      const sharing = result.creators.filter(({ points }) => points !== '0');
      note(
        `split by ${allocation?.method}`,
        sharing.length > 1 && new Set(sharing.map(({ amount }) => amount)).size > 1,
      );
      const boosted = sharing.some((creator) => creator.points !== unboosted(creator, closes[index]));
      note('boosted', boosted);
      note('boosted by growth', boosted && boosts.every(({ when }) => when.minGrowth !== undefined));
      note('lockstep', (result.lockstep ?? []).length > 0);
      note(
        'lockstep of three',
        (result.lockstep ?? []).some(({ viewers }) => viewers.length > 2),
      );
      note('scouts are paid', (result.commissions ?? []).length > 0);
      note('negative revenue', result.revenue.startsWith('-'));
      note('capped', Number(result.allocated) > 0 && Number(result.undistributed) > 0);
      for (const rule of RISK_RULES) {
        const excluded = result.excluded.find((candidate) => candidate.rule === rule);
        note(`points of ${rule}`, excluded !== undefined && excluded.points !== '0');
      }
      for (const creator of result.creators) {
        note('carried in', creator.carriedIn !== '0');
        note('used', creator.points !== '0');
        note('void', creator.netLikes + creator.netFollows > 0 && creator.points === '0');
        note('weights scaled', creator.weight !== creator.points);
      }
    }
  }
  const rare = [...reached].filter(([, times]) => times < 5);
  expect(rare).toEqual([]);
}, 120_000);
