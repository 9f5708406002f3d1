import { type EventOut, toEventOut } from '@rewardbook/contracts/api/ingest/events';
import { compareEvents, type EngagementEvent, isSameIdentity } from '@rewardbook/domain/events/event';
import { boundsOf, parsePeriod } from '@rewardbook/domain/values/period';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import type { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';

/** An event that differs between two files; null in the file that lacks it. */
export interface EventDifference {
  readonly a: EventOut | null;
  readonly b: EventOut | null;
}

export interface EventSetsDiff {
  readonly onlyInA: number;
  readonly onlyInB: number;
  /** Of one identity, with other contents. */
  readonly changed: number;
  /** The earliest. */
  readonly first: EventDifference | null;
}

/** An event with the file that alone has it, where there are two. */
export type TracedEvent = EventOut & { readonly only?: 'a' | 'b' };

/** What is between a viewer and a creator; without contentId the follow. */
export interface TracedEngagement {
  readonly viewerId: string;
  readonly contentId?: string;
  readonly events: readonly TracedEvent[];
}

/** Engagements of a creator that a difference may come from. */
export interface Behind {
  readonly creatorId: string;
  readonly period: string;
  /** How many there are; the first are listed. */
  readonly count: number;
  readonly engagements: readonly TracedEngagement[];
}

const ENGAGEMENTS_LISTED = 20;
const DAY_MS = 86_400_000;

/** Compares accepted events as sets. Changes both: each gets the events of the other. */
export function compareEventSets(a: AcceptedEvents, b: AcceptedEvents): EventSetsDiff {
  const sizeOfB = b.size;
  const fromA = differing(a, a.size, b);
  const fromB = differing(b, sizeOfB, a);
  const first = earlier(fromA.first, fromB.first);
  return {
    onlyInA: fromA.only,
    onlyInB: fromB.only,
    changed: fromA.changed,
    first: first === undefined ? null : { a: versionIn(fromA.all, first), b: versionIn(fromB.all, first) },
  };
}

/** Those of the first `size` events of a set that another set lacks or has otherwise; it then has them. */
function differing(events: AcceptedEvents, size: number, other: AcceptedEvents) {
  let only = 0;
  let changed = 0;
  let first: EngagementEvent | undefined;
  const firstOnes = function* (): Generator<EngagementEvent> {
    let left = size;
    for (const event of events) {
      if (left === 0) {
        return;
      }
      left -= 1;
      yield event;
    }
  };
  for (const event of firstOnes()) {
    const acceptance = other.add(event);
    if (acceptance === 'duplicate') {
      continue;
    }
    if (acceptance === 'accepted') {
      only += 1;
    } else {
      changed += 1;
    }
    first = earlier(first, event);
  }
  return { only, changed, first, all: firstOnes };
}

function versionIn(events: () => Iterable<EngagementEvent>, wanted: EngagementEvent): EventOut | null {
  for (const event of events()) {
    if (isSameIdentity(event, wanted)) {
      return toEventOut(event);
    }
  }
  return null;
}

/**
 * Engagements behind what a creator has in a period. Of one set those with an event near the period (results do not say their time zone,
 * so a day is allowed on both sides); of two sets those whose events are not the same.
 */
export function behind(creatorId: string, period: string, sets: readonly Iterable<EngagementEvent>[]): Behind {
  const [a = [], b] = sets.map((events) => eventsOf(creatorId, events));
  const engagements = new Map<string, { event: EngagementEvent; only?: 'a' | 'b' }[]>();
  const add = (event: EngagementEvent, only?: 'a' | 'b'): void => {
    const key = JSON.stringify([event.viewerId, event.contentId]);
    const events = engagements.get(key) ?? [];
    engagements.set(key, events);
    events.push(only === undefined ? { event } : { event, only });
  };
  if (b === undefined) {
    for (const event of a) {
      add(event);
    }
  } else {
    const contents = (event: EngagementEvent): string => JSON.stringify(toEventOut(event));
    const [textsA, textsB] = [new Set(a.map(contents)), new Set(b.map(contents))];
    for (const event of a) {
      add(event, textsB.has(contents(event)) ? undefined : 'a');
    }
    for (const event of b) {
      if (!textsA.has(contents(event))) {
        add(event, 'b');
      }
    }
  }
  const bounds = boundsInUtc(period);
  const isNear = ({ occurredAt }: EngagementEvent): boolean =>
    bounds === undefined || (occurredAt >= bounds.start - DAY_MS && occurredAt < bounds.end + DAY_MS);
  const traced = [...engagements.values()]
    .filter((events) =>
      b === undefined ? events.some(({ event }) => isNear(event)) : events.some(({ only }) => only !== undefined),
    )
    .map((events) => events.toSorted((x, y) => compareEvents(x.event, y.event)))
    .sort(([x], [y]) => (x === undefined || y === undefined ? 0 : compareEvents(x.event, y.event)));
  return {
    creatorId,
    period,
    count: traced.length,
    engagements: traced.slice(0, ENGAGEMENTS_LISTED).map((events) => engagementOf(events)),
  };
}

function eventsOf(creatorId: string, events: Iterable<EngagementEvent>): EngagementEvent[] {
  const found: EngagementEvent[] = [];
  for (const event of events) {
    if (event.creatorId === creatorId) {
      found.push(event);
    }
  }
  return found;
}

function engagementOf(events: readonly { event: EngagementEvent; only?: 'a' | 'b' }[]): TracedEngagement {
  const [first] = events;
  const contentId = first?.event.contentId ?? '';
  return {
    viewerId: first?.event.viewerId ?? '',
    ...(contentId === '' ? {} : { contentId }),
    events: events.map(({ event, only }) => ({ ...toEventOut(event), ...(only === undefined ? {} : { only }) })),
  };
}

function boundsInUtc(label: string) {
  const period = parsePeriod(label);
  return period === undefined ? undefined : boundsOf(period, 'UTC');
}

function earlier(a: EngagementEvent | undefined, b: EngagementEvent | undefined): EngagementEvent | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  return (compareEvents(a, b) || compareUtf8(a.viewerId, b.viewerId)) <= 0 ? a : b;
}
