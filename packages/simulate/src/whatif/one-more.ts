import { rememberOneMore } from '../closes/columns-at-close.ts';
import type { ShardAnswer } from '../closes/shard.ts';

/** A like or follow that one more viewer, who has given none before, gives a creator at the last close. */
export interface OneMore {
  readonly creatorId: string;
  readonly kind: 'like' | 'follow';
}

// No id has a control character.
const VIEWER = '\u0000 one more';

/** What the last close's events would have come to with one engagement more, which no rule excludes. */
export function withOneMore(answer: ShardAnswer, { creatorId, kind }: OneMore): ShardAnswer {
  const { counts, pairs, follows } = answer;
  const known = counts.creatorIds.indexOf(creatorId);
  const place = known < 0 ? counts.creatorIds.length : known;
  const isLike = kind === 'like';
  const one = {
    creatorIds: known < 0 ? [...counts.creatorIds, creatorId] : counts.creatorIds,
    netLikes: added(counts.netLikes, place, isLike ? 1 : 0),
    netFollows: added(counts.netFollows, place, isLike ? 0 : 1),
  };
  rememberOneMore(counts, one, creatorId, isLike);
  return {
    ...answer,
    counts: one,
    pairs: pairs && {
      viewerIds: [...pairs.viewerIds, VIEWER],
      viewers: appended(pairs.viewers, pairs.viewerIds.length),
      creators: appended(pairs.creators, place),
      netLikes: appended(pairs.netLikes, isLike ? 1 : 0),
      netFollows: appended(pairs.netFollows, isLike ? 0 : 1),
    },
    follows:
      isLike || follows === undefined ? follows : new Map(follows).set(creatorId, (follows.get(creatorId) ?? 0) + 1),
  };
}

function added(values: Int32Array, place: number, change: number): Int32Array {
  const changed = new Int32Array(Math.max(values.length, place + 1));
  changed.set(values);
  changed[place] = (changed[place] ?? 0) + change;
  return changed;
}

function appended(values: Int32Array, value: number): Int32Array {
  const longer = new Int32Array(values.length + 1);
  longer.set(values);
  longer[values.length] = value;
  return longer;
}
