import type { AcceptedEvents } from '../events/accepted-events.ts';
import type { JudgedClose } from './judged-close.ts';

/** Whether an event could be excluded by a rule that looks at it alone. */
export type MayBeExcluded = (event: number) => boolean;

/**
 * Finds the few events that a rule without history could exclude: of viewers who are creators or belong to one, of blocked parties,
 * and late ones. What becomes of them, the domain's judge says.
 *
 * @param isLate whether a close comes after that of the event's own period
 */
export function mayBeExcluded(
  events: AcceptedEvents,
  isLate: (event: number, close: number) => boolean,
): (close: JudgedClose) => MayBeExcluded {
  const { viewers, creators } = events;
  let selves: Uint8Array | undefined;

  return ({ close, policy: { risk }, creators: book }) => {
    selves ??= viewersWhoCreate(events);
    const flaggedViewers = selves.slice();
    for (const viewerId of book.ownViewerIds) {
      flag(flaggedViewers, viewers.numberOf(viewerId));
    }
    for (const viewerId of risk.blockedViewers ?? []) {
      flag(flaggedViewers, viewers.numberOf(viewerId));
    }
    const flaggedCreators = new Uint8Array(creators.size);
    for (const creatorId of risk.blockedCreators ?? []) {
      flag(flaggedCreators, creators.numberOf(creatorId));
    }
    // Mostly nobody is flagged, and then nobody has to be looked up.
    if (!flaggedViewers.includes(1) && !flaggedCreators.includes(1)) {
      return (event) => isLate(event, close);
    }
    return (event) => {
      const engagement = events.engagementOf(event);
      return (
        flaggedViewers[events.viewerOf(engagement)] === 1 ||
        flaggedCreators[events.creatorOf(engagement)] === 1 ||
        isLate(event, close)
      );
    };
  };
}

function viewersWhoCreate({ viewers, creators }: AcceptedEvents): Uint8Array {
  const flags = new Uint8Array(viewers.size);
  for (let creator = 0; creator < creators.size; creator += 1) {
    flag(flags, viewers.numberOf(creators.text(creator)));
  }
  return flags;
}

function flag(flags: Uint8Array, number: number | undefined): void {
  if (number !== undefined) {
    flags[number] = 1;
  }
}
