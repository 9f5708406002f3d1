import type { EngagementEvent, EventType } from '@rewardbook/domain/events/event';
import type { AcceptedEvents } from './accepted-events.ts';

/** One accepted event as the domain's rules see it; its texts are made when they are asked for. */
export class EventRow implements EngagementEvent {
  readonly #events: AcceptedEvents;
  /** Number of the event; may be changed, to look at another. */
  row: number;

  constructor(events: AcceptedEvents, row: number) {
    this.#events = events;
    this.row = row;
  }

  get id(): string {
    return this.#events.id(this.row);
  }

  get source(): string {
    return this.#events.source(this.row);
  }

  get type(): EventType {
    return this.#events.type(this.row);
  }

  get viewerId(): string {
    return this.#events.viewers.text(this.#events.viewerOf(this.#events.engagementOf(this.row)));
  }

  get creatorId(): string {
    return this.#events.creators.text(this.#events.creatorOf(this.#events.engagementOf(this.row)));
  }

  get contentId(): string {
    return this.#events.contentText(this.#events.contentOf(this.#events.engagementOf(this.row)));
  }

  get occurredAt(): number {
    return this.#events.occurredAt(this.row);
  }
}
