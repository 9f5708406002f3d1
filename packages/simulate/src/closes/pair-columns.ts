import type { PairCounts } from '@rewardbook/domain/allocation/viewer-units';
import type { AcceptedEvents } from '../events/accepted-events.ts';
import { Int32Column } from '../events/columns/column.ts';
import type { Changes, NetCounts } from './changes.ts';

/** Gained − lost between viewers and creators at a close, all of a viewer one after the other. */
export interface PairColumns {
  readonly viewerIds: readonly string[];
  /** Places in `viewerIds`. */
  readonly viewers: Int32Array;
  /** Places in the creatorIds of the net counts. */
  readonly creators: Int32Array;
  readonly netLikes: Int32Array;
  readonly netFollows: Int32Array;
}

/** The pairs of what changed, but for creators who come to nothing: these use no points. */
export function pairsOf(events: AcceptedEvents, changes: Changes, { creatorIds }: NetCounts): PairColumns {
  const placeOf = new Int32Array(events.creators.size).fill(-1);
  for (const [place, creatorId] of creatorIds.entries()) {
    placeOf[events.creators.numberOf(creatorId) ?? 0] = place;
  }

  const viewerIds: string[] = [];
  const viewers = new Int32Column();
  const creators = new Int32Column();
  const netLikes: number[] = [];
  const netFollows: number[] = [];
  // Where the current viewer's pair with a creator is, + 1, if the creator was met since the viewer began.
  const pairOf = new Int32Array(creatorIds.length);
  let current = -1;
  let began = 0;
  for (const change of byViewer(events, changes.list)) {
    const engagement = change >> 1;
    const creator = placeOf[events.creatorOf(engagement)] ?? -1;
    if (creator < 0) {
      continue;
    }
    const viewer = events.viewerOf(engagement);
    if (viewer !== current) {
      current = viewer;
      began = viewers.size;
      viewerIds.push(events.viewers.text(viewer));
    }
    let pair = (pairOf[creator] ?? 0) - 1;
    if (pair < began) {
      pair = viewers.size;
      pairOf[creator] = pair + 1;
      viewers.push(viewerIds.length - 1);
      creators.push(creator);
      netLikes.push(0);
      netFollows.push(0);
    }
    const counts = events.isFollow(engagement) ? netFollows : netLikes;
    counts[pair] = (counts[pair] ?? 0) + ((change & 1) === 1 ? 1 : -1);
  }
  return {
    viewerIds,
    viewers: viewers.toArray(),
    creators: creators.toArray(),
    netLikes: Int32Array.from(netLikes),
    netFollows: Int32Array.from(netFollows),
  };
}

/** Changes in the order of their viewers: a counting sort. */
function byViewer(events: AcceptedEvents, list: Int32Column): Int32Array {
  const next = new Int32Array(events.viewers.size + 1);
  const viewerAt = (index: number): number => events.viewerOf(list.get(index) >> 1);
  for (let index = 0; index < list.size; index += 1) {
    next[viewerAt(index) + 1] = (next[viewerAt(index) + 1] ?? 0) + 1;
  }
  for (let viewer = 1; viewer < next.length; viewer += 1) {
    next[viewer] = (next[viewer] ?? 0) + (next[viewer - 1] ?? 0);
  }
  const sorted = new Int32Array(list.size);
  for (let index = 0; index < list.size; index += 1) {
    const place = next[viewerAt(index)] ?? 0;
    sorted[place] = list.get(index);
    next[viewerAt(index)] = place + 1;
  }
  return sorted;
}

/** Pairs one by one, with their ids. */
export function* pairCounts(pairs: PairColumns, { creatorIds }: NetCounts): Generator<PairCounts> {
  for (const [index, viewer] of pairs.viewers.entries()) {
    yield {
      viewerId: pairs.viewerIds[viewer] ?? '',
      creatorId: creatorIds[pairs.creators[index] ?? 0] ?? '',
      netLikes: pairs.netLikes[index] ?? 0,
      netFollows: pairs.netFollows[index] ?? 0,
    };
  }
}
