import {
  type Engagement,
  fold,
  isActive,
  newEngagement,
  type SettleContext,
  settle,
} from '@rewardbook/domain/engagement';
import type { EngagementEvent } from '@rewardbook/domain/event';

/** Gained − lost at a close, void losses left out. */
export interface NetCounts {
  netLikes: number;
  netFollows: number;
}

/** All engagements of a program, from close to close. */
export interface Register {
  /** The engagement of an event, new if there was none. */
  engagementOf(event: EngagementEvent): Engagement;
  /** Adds a counted event. */
  fold(event: EngagementEvent): void;
  /** Makes what is active now the baseline: to be called once, with what happened before the first period folded in. */
  setBaseline(): void;
  /**
   * Gains and loses what changed since the last call. With `all`, engagements that no event touched are settled too: a policy
   * with blocked lists can take them away.
   */
  settle(context: SettleContext, all: boolean): Map<string, NetCounts>;
  engagements(): Iterable<Engagement>;
}

export function register(): Register {
  const byKey = new Map<string, Engagement>();
  const touched = new Set<Engagement>();

  const engagementOf = (event: EngagementEvent): Engagement => {
    // Ids have no control characters, so NUL keeps the parts of a key apart.
    const key = `${event.viewerId}\0${event.creatorId}\0${event.contentId}`;
    let engagement = byKey.get(key);
    if (engagement === undefined) {
      engagement = newEngagement(event);
      byKey.set(key, engagement);
    }
    return engagement;
  };

  return {
    engagementOf,
    fold(event) {
      const engagement = engagementOf(event);
      fold(engagement, event);
      touched.add(engagement);
    },
    setBaseline() {
      for (const engagement of touched) {
        if (isActive(engagement)) engagement.status = 'baseline';
      }
    },
    settle(context, all) {
      const counts = new Map<string, NetCounts>();
      for (const engagement of all ? byKey.values() : touched) {
        const settlement = settle(engagement, context);
        if (settlement === 'gained') count(counts, engagement, 1);
        else if (settlement === 'lost') count(counts, engagement, -1);
      }
      touched.clear();
      return counts;
    },
    engagements: () => byKey.values(),
  };
}

function count(counts: Map<string, NetCounts>, { creatorId, contentId }: Engagement, change: number): void {
  let net = counts.get(creatorId);
  if (net === undefined) {
    net = { netLikes: 0, netFollows: 0 };
    counts.set(creatorId, net);
  }
  if (contentId === '') net.netFollows += change;
  else net.netLikes += change;
}
