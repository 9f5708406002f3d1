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

/** What a close comes to. */
export interface Settled {
  /** By creator. */
  readonly counts: Map<string, NetCounts>;
  /** By viewer, then creator; empty where nobody asked. */
  readonly pairs: Map<string, Map<string, NetCounts>>;
}

/** What of a close is settled. */
export interface SettleOptions {
  /** Also engagements that no event touched: a policy with blocked lists can take them away. */
  readonly all: boolean;
  /** Whether to count pairs of viewers and creators too. */
  readonly byPair: boolean;
}

/** All engagements of a program, from close to close. */
export interface Register {
  /** The engagement of an event, new if there was none. */
  engagementOf(event: EngagementEvent): Engagement;
  /** Adds a counted event. */
  fold(event: EngagementEvent): void;
  /** Makes what is active now the baseline: to be called once, with what happened before the first period folded in. */
  setBaseline(): void;
  /** Gains and loses what changed since the last call. */
  settle(context: SettleContext, options: SettleOptions): Settled;
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
    settle(context, { all, byPair }) {
      const settled: Settled = { counts: new Map(), pairs: new Map() };
      const count = (engagement: Engagement, change: number): void => {
        add(settled.counts, engagement, change);
        if (byPair) add(pairsOf(settled.pairs, engagement.viewerId), engagement, change);
      };
      for (const engagement of all ? byKey.values() : touched) {
        const settlement = settle(engagement, context);
        if (settlement === 'gained') count(engagement, 1);
        else if (settlement === 'lost') count(engagement, -1);
      }
      touched.clear();
      return settled;
    },
    engagements: () => byKey.values(),
  };
}

function pairsOf(pairs: Settled['pairs'], viewerId: string): Map<string, NetCounts> {
  let ofViewer = pairs.get(viewerId);
  if (ofViewer === undefined) {
    ofViewer = new Map();
    pairs.set(viewerId, ofViewer);
  }
  return ofViewer;
}

function add(counts: Map<string, NetCounts>, { creatorId, contentId }: Engagement, change: number): void {
  let net = counts.get(creatorId);
  if (net === undefined) {
    net = { netLikes: 0, netFollows: 0 };
    counts.set(creatorId, net);
  }
  if (contentId === '') net.netFollows += change;
  else net.netLikes += change;
}
