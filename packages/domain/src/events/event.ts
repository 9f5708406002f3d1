import { compareUtf8 } from '../values/utf8-order.ts';

export const EVENT_TYPES = ['like', 'unlike', 'follow', 'unfollow'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The source of an event that names none. */
export const DEFAULT_SOURCE = 'default';

/** One like, unlike, follow or unfollow, in its stored form. */
export interface EngagementEvent {
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  readonly viewerId: string;
  readonly creatorId: string;
  /** `''` for follow and unfollow, which have none; a real content id is never empty. */
  readonly contentId: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}

/** The order in which events are judged and in which the later one wins: `(occurredAt, id, source)`. */
export function compareEvents(a: EngagementEvent, b: EngagementEvent): number {
  return a.occurredAt - b.occurredAt || compareUtf8(a.id, b.id) || compareUtf8(a.source, b.source);
}

/** Likes and follows give; unlikes and unfollows take back. */
export function isGiving(type: EventType): boolean {
  return type === 'like' || type === 'follow';
}

/** The type of an event with what it is about, a creator (a follow) or a content of theirs, and whether it gives or takes back. */
export function eventType(isFollow: boolean, gives: boolean): EventType {
  if (isFollow) {
    return gives ? 'follow' : 'unfollow';
  }
  return gives ? 'like' : 'unlike';
}

/** Same viewer, source and id: the same event sent again, or a conflict. */
export function isSameIdentity(a: EngagementEvent, b: EngagementEvent): boolean {
  return a.id === b.id && a.viewerId === b.viewerId && a.source === b.source;
}
