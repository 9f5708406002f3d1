import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { adversaryAction } from '../generator/adversary.ts';
import { mix } from '../generator/random.ts';
import type { AdversaryKind } from '../generator/scenario.ts';

/** What an adversary does. Times in epoch milliseconds; sizes are counts. */
export interface AttackPlan {
  readonly kind: AdversaryKind;
  /** Who is to gain. */
  readonly creatorIds: readonly string[];
  /** Fake events; a split makes none. */
  readonly events: number;
  /** Fake viewers, or the accounts that each creator splits into. */
  readonly accounts: number;
  readonly start: number;
  readonly end: number;
}

/** Where fake events come from: no event of an app has this source, so none is taken for a duplicate. */
export const ATTACK_SOURCE = 'attack';
const NAME = 'fake';
const ID_DIGITS = 9;

/** The events that the adversary adds, evenly from start to end. */
export function fakeEvents({ kind, creatorIds, events, accounts, start, end }: AttackPlan): EngagementEvent[] {
  if (kind === 'split') {
    return [];
  }
  const adversary = { kind, creatorIds, accounts: Math.max(1, accounts), name: NAME };
  return Array.from({ length: events }, (_, n) => ({
    id: `${NAME}-${String(n).padStart(ID_DIGITS, '0')}`,
    source: ATTACK_SOURCE,
    ...adversaryAction(adversary, n),
    occurredAt: start + Math.floor(((end - start) * n) / events),
  }));
}

/** The account of a creator who has split; the first keeps the creator's id. */
export function splitAccount(creatorId: string, account: number): string {
  return account === 0 ? creatorId : `${creatorId}-s${account + 1}`;
}

/** The same engagement with the creators' parts of it spread over their accounts: a content on one of them, a follow on one by viewer. */
export function splitting({
  creatorIds,
  accounts,
}: Pick<AttackPlan, 'creatorIds' | 'accounts'>): (event: EngagementEvent) => EngagementEvent {
  const split = new Set(creatorIds);
  return (event) => {
    if (!split.has(event.creatorId)) {
      return event;
    }
    const account = hash(event.contentId === '' ? event.viewerId : event.contentId) % accounts;
    return { ...event, creatorId: splitAccount(event.creatorId, account) };
  };
}

/** The registered creators with the accounts of those who split: registered as the first is, but without its followers. */
export function splitCreators(
  creators: readonly RegisteredCreator[],
  { creatorIds, accounts }: Pick<AttackPlan, 'creatorIds' | 'accounts'>,
): RegisteredCreator[] {
  const splitting = new Set(creatorIds);
  return creators.flatMap((creator) => {
    if (!splitting.has(creator.creatorId)) {
      return [creator];
    }
    return Array.from({ length: accounts }, (_, account) => ({
      ...creator,
      creatorId: splitAccount(creator.creatorId, account),
      followers: account === 0 ? creator.followers : 0,
    }));
  });
}

/** FNV-1a over UTF-16 units, mixed: the same on every machine. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(value);
}
