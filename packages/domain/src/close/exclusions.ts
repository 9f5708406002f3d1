import { formatScaled } from '@rewardbook/money/decimal';
import { type Engagement, isActive } from '../events/engagement.ts';
import { compareEvents, type EngagementEvent } from '../events/event.ts';
import { pointsOf, pointsScale } from '../policy/points.ts';
import type { Policy } from '../policy/policy.ts';
import { RISK_RULES, type RiskRule } from '../policy/risk-rule.ts';
import type { ExcludedByRule } from './result.ts';

/** What one close excluded, gathered while it judges. */
export interface Exclusions {
  add(rule: RiskRule, event: EngagementEvent, engagement: Engagement): void;
  /** By rule, those without events left out. To be asked once all engagements are settled. */
  counts(): ExcludedCounts[];
}

/** What one rule excluded. Counts of parts of the viewers add up. */
export interface ExcludedCounts {
  readonly rule: RiskRule;
  readonly events: number;
  /** Engagements that the latest excluded event would have earned or saved. */
  readonly likes: number;
  readonly follows: number;
}

export interface ExclusionsInput {
  readonly close: number;
  /** Start of the program's first period, epoch milliseconds: what was given before never earns. */
  readonly programStart: number;
  /** Whether the close's policy blocks the viewer or the creator. */
  readonly isBlocked: (engagement: Pick<Engagement, 'viewerId' | 'creatorId'>) => boolean;
  readonly wasVoid: (creatorId: string, close: number) => boolean;
}

interface OfRule {
  events: number;
  /** The latest excluded event of each engagement since the program began. */
  readonly latest: Map<Engagement, EngagementEvent>;
}

/**
 * The points that excluded events would have added: for each engagement, what its latest excluded event would have earned or
 * saved from being lost, had it counted instead (and had it not been blocked, if a blocked list excludes it).
 */
export function exclusions({ close, programStart, isBlocked, wasVoid }: ExclusionsInput): Exclusions {
  const byRule = new Map<RiskRule, OfRule>();

  const wouldHaveAdded = (engagement: Engagement, excluded: EngagementEvent): boolean => {
    const { winner, status, gainedAt, lostAt, creatorId } = engagement;
    // Later events still decide. An event that a blocked list excludes may be the winner itself.
    if (winner !== undefined && compareEvents(winner, excluded) > 0) {
      return false;
    }
    if (isActive(engagement) && !isBlocked(engagement)) {
      return false;
    }
    if (lostAt === close) {
      return !wasVoid(creatorId, gainedAt);
    }
    return status === 'none' || status === 'suspended';
  };

  return {
    add(rule, event, engagement) {
      let ofRule = byRule.get(rule);
      if (ofRule === undefined) {
        ofRule = { events: 0, latest: new Map() };
        byRule.set(rule, ofRule);
      }
      ofRule.events += 1;
      if (event.occurredAt < programStart) {
        return;
      }
      const latest = ofRule.latest.get(engagement);
      if (latest === undefined || compareEvents(event, latest) > 0) {
        ofRule.latest.set(engagement, event);
      }
    },
    counts() {
      return [...byRule].map(([rule, { events, latest }]) => {
        let likes = 0;
        let follows = 0;
        for (const [engagement, excluded] of latest) {
          if (!wouldHaveAdded(engagement, excluded)) {
            continue;
          }
          if (engagement.contentId === '') {
            follows += 1;
          } else {
            likes += 1;
          }
        }
        return { rule, events, likes, follows };
      });
    },
  };
}

/** Events and points by rule, in the order of the rules, from counts that add up. */
export function excludedByRule(
  counts: Iterable<ExcludedCounts>,
  policy: Pick<Policy, 'weights' | 'eligibility'>,
): ExcludedByRule[] {
  const scale = pointsScale(policy);
  const formula = pointsOf(policy, scale);
  const sums = new Map<RiskRule, Omit<ExcludedCounts, 'rule'>>();
  for (const { rule, events, likes, follows } of counts) {
    const sum = sums.get(rule) ?? { events: 0, likes: 0, follows: 0 };
    sums.set(rule, { events: sum.events + events, likes: sum.likes + likes, follows: sum.follows + follows });
  }
  return RISK_RULES.flatMap((rule) => {
    const sum = sums.get(rule);
    if (sum === undefined) {
      return [];
    }
    return [{ rule, events: sum.events, points: formatScaled(formula(sum.likes, sum.follows, undefined), scale) }];
  });
}
