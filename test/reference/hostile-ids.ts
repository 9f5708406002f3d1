import { policyHash } from '@rewardbook/domain/policy/policy';
import { hashOf } from '@rewardbook/simulate/events/columns/hash';
import type { History } from './history.ts';

const encoder = new TextEncoder();

/** Two texts that are different and have the same hash in the simulation's tables. */
function equalHashes(prefix: string): readonly [string, string] {
  const known = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const text = `${prefix}${n}`;
    const bytes = encoder.encode(text);
    const hash = hashOf(new DataView(bytes.buffer), 0, bytes.length);
    const other = known.get(hash);
    if (other !== undefined) {
      return [other, text];
    }
    known.set(hash, text);
  }
}

const [A, B] = equalHashes('h');

// Equal hashes, a byte order mark, quotes and escapes, parts of one another, the longest there are, bytes that are the length of
// what comes before them.
const NAMES: Readonly<Record<string, string>> = {
  v1: A,
  v2: B,
  c1: '\ufeffc',
  c2: '"\\u0041\\',
  'c:3 ü': 'A',
  '0': A,
  '1': B,
  '2': '\u{10ffff}'.repeat(128),
  '3': '\u{10ffff}'.repeat(127),
  '4': 'é'.repeat(64),
  '5': 'é'.repeat(63),
  '6': '\ufeff',
  '7': 'app',
  '8': 'appapp',
  '9': '\u0100',
  k1: A,
  k2: B,
  k3: 'k',
  own: 'c',
};

function renamed(text: string): string {
  return NAMES[text] ?? text;
}

/** The same history with ids that are hard to keep apart. */
export function withHostileIds(history: History): History {
  return {
    ...history,
    policies: history.policies.map(({ policy, validFrom }) => {
      const { blockedViewers, blockedCreators, ...risk } = policy.risk;
      const own = {
        ...policy,
        risk: {
          ...risk,
          ...(blockedViewers === undefined ? {} : { blockedViewers: blockedViewers.map(renamed) }),
          ...(blockedCreators === undefined ? {} : { blockedCreators: blockedCreators.map(renamed) }),
        },
      };
      return { policy: own, policyHash: policyHash(own), validFrom };
    }),
    creators: (period) =>
      history.creators(period).map((creator) => ({
        ...creator,
        creatorId: renamed(creator.creatorId),
        viewerIds: creator.viewerIds.map(renamed),
      })),
    recorded: history.recorded.map(({ event, seenAt }) => ({
      event: {
        ...event,
        id: renamed(event.id),
        viewerId: renamed(event.viewerId),
        creatorId: renamed(event.creatorId),
        contentId: event.contentId === '' ? '' : renamed(event.contentId),
      },
      seenAt,
    })),
  };
}
