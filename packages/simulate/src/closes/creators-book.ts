import { type Scouted, scoutedOf } from '@rewardbook/domain/beyond/commissions';
import { creatorsHash, type RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { SimulationOptions } from './simulation.ts';

/** The creators registered at a close, made ready for look-ups. */
export interface CreatorsBook {
  /** Worked out when it is asked for. */
  readonly hash: string;
  /** Of all creators. */
  readonly ownViewerIds: Iterable<string>;
  readonly scouted: readonly Scouted[];
  registered(creatorId: string): RegisteredCreator | undefined;
  isOwnViewer(viewerId: string, creatorId: string): boolean;
}

// A list is worked out once, however many policies are tried with it.
const BOOKS = new WeakMap<readonly RegisteredCreator[], CreatorsBook>();

/** The book of each period. */
export function bookOfCreators(creators: SimulationOptions['creators']): (period: string) => CreatorsBook {
  return (period) => {
    const list = typeof creators === 'function' ? creators(period) : creators;
    const book = BOOKS.get(list) ?? creatorsBook(list);
    BOOKS.set(list, book);
    return book;
  };
}

function creatorsBook(creators: readonly RegisteredCreator[]): CreatorsBook {
  const byId = new Map(creators.map((creator) => [creator.creatorId, creator]));
  const ownersOf = new Map<string, Set<string>>();
  for (const { creatorId, viewerIds } of byId.values()) {
    for (const viewerId of viewerIds) {
      const owners = ownersOf.get(viewerId);
      if (owners) {
        owners.add(creatorId);
      } else {
        ownersOf.set(viewerId, new Set([creatorId]));
      }
    }
  }
  let hash: string | undefined;
  return {
    get hash() {
      hash ??= creatorsHash(byId.values());
      return hash;
    },
    get ownViewerIds() {
      return ownersOf.keys();
    },
    scouted: [...scoutedOf(byId.values())],
    registered: (creatorId) => byId.get(creatorId),
    isOwnViewer: (viewerId, creatorId) => ownersOf.get(viewerId)?.has(creatorId) ?? false,
  };
}
