import type { Action } from './part.ts';
import type { AdversaryKind } from './scenario.ts';

/** An adversary who makes events; `split` makes none. */
export interface Adversary {
  readonly kind: Exclude<AdversaryKind, 'split'>;
  /** Whom the events are for. */
  readonly creatorIds: readonly string[];
  /** Fake viewers at work. A ring uses one for each creator, a whale is one. */
  readonly accounts: number;
  /** What their viewer ids begin with. */
  readonly name: string;
}

// So many likes and unlikes of one content before the next content.
const TOGGLES = 20;

/**
 * The adversary's n-th event, from 0; no two give the same engagement, but for toggling.
 *
 * - bought followers: each account follows every creator once; when all have, they like contents
 * - fake viewers: each account likes contents, one of each creator in turn
 * - like ring: the creators' second accounts like the contents of all the others
 * - toggling: accounts like and unlike the same content over and over
 * - whale: one viewer likes content after content
 */
export function adversaryAction({ kind, creatorIds, accounts, name }: Adversary, n: number): Action {
  const creatorAt = (index: number): string => creatorIds[index % creatorIds.length] ?? '';
  const account = n % accounts;
  const round = Math.floor(n / accounts);
  switch (kind) {
    case 'bought-followers': {
      const creatorId = creatorAt(round);
      const isFollow = round < creatorIds.length;
      const contentId = isFollow ? '' : `${creatorId}-${name}-${Math.floor(round / creatorIds.length)}`;
      return { type: isFollow ? 'follow' : 'like', viewerId: `${name}-${account + 1}`, creatorId, contentId };
    }
    case 'fake-viewers': {
      const creatorId = creatorAt(round);
      const contentId = `${creatorId}-${name}-${Math.floor(round / creatorIds.length)}`;
      return { type: 'like', viewerId: `${name}-${account + 1}`, creatorId, contentId };
    }
    case 'like-ring': {
      const members = creatorIds.length;
      const member = n % members;
      const turn = Math.floor(n / members);
      // A single creator has no one else to like.
      const others = Math.max(1, members - 1);
      const creatorId = creatorAt(member + (members > 1 ? 1 + (turn % others) : 0));
      const contentId = `${creatorId}-${name}-${Math.floor(turn / others)}`;
      return { type: 'like', viewerId: `${name}-${member + 1}`, creatorId, contentId };
    }
    case 'toggling': {
      const creatorId = creatorAt(account);
      const contentId = `${creatorId}-${name}-${Math.floor(round / TOGGLES)}`;
      return { type: round % 2 === 0 ? 'like' : 'unlike', viewerId: `${name}-${account + 1}`, creatorId, contentId };
    }
    case 'whale': {
      const creatorId = creatorAt(n);
      const contentId = `${creatorId}-${name}-${Math.floor(n / creatorIds.length)}`;
      return { type: 'like', viewerId: `${name}-1`, creatorId, contentId };
    }
  }
}
