import type { AcceptedEvents } from '../events/accepted-events.ts';
import { Int32Column } from '../events/columns/column.ts';

/** Gained − lost of creators at a close, void losses left out. Those with neither are not here. */
export interface NetCounts {
  readonly creatorIds: readonly string[];
  readonly netLikes: Int32Array;
  readonly netFollows: Int32Array;
}

/** What one close gained and lost. */
export class Changes {
  readonly #events: AcceptedEvents;
  readonly #netLikes: Int32Array;
  readonly #netFollows: Int32Array;
  /** Engagements with their change, +1 or −1: `2 × engagement`, and 1 for a gain. Empty where pairs are not wanted. */
  readonly list = new Int32Column();
  readonly #keepsList: boolean;

  constructor(events: AcceptedEvents, keepsList: boolean) {
    this.#events = events;
    this.#netLikes = new Int32Array(events.creators.size);
    this.#netFollows = new Int32Array(events.creators.size);
    this.#keepsList = keepsList;
  }

  add(engagement: number, change: 1 | -1): void {
    const counts = this.#events.isFollow(engagement) ? this.#netFollows : this.#netLikes;
    const creator = this.#events.creatorOf(engagement);
    counts[creator] = (counts[creator] ?? 0) + change;
    if (this.#keepsList) {
      this.list.push(2 * engagement + (change === 1 ? 1 : 0));
    }
  }

  hasNet(creator: number): boolean {
    return this.#netLikes[creator] !== 0 || this.#netFollows[creator] !== 0;
  }

  counts(): NetCounts {
    const creators: number[] = [];
    for (let creator = 0; creator < this.#netLikes.length; creator += 1) {
      if (this.hasNet(creator)) {
        creators.push(creator);
      }
    }
    return {
      creatorIds: creators.map((creator) => this.#events.creators.text(creator)),
      netLikes: Int32Array.from(creators, (creator) => this.#netLikes[creator] ?? 0),
      netFollows: Int32Array.from(creators, (creator) => this.#netFollows[creator] ?? 0),
    };
  }
}
