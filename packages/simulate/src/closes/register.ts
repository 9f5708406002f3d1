import { type Engagement, type EngagementStatus, isActive } from '@rewardbook/domain/events/engagement';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { AcceptedEvents } from '../events/accepted-events.ts';
import { EventRow } from '../events/event-row.ts';

const STATUSES = ['none', 'baseline', 'gained', 'lost', 'suspended'] as const satisfies readonly EngagementStatus[];
const STATUS_CODES: Readonly<Record<EngagementStatus, number>> = {
  none: 0,
  baseline: 1,
  gained: 2,
  lost: 3,
  suspended: 4,
};
const STATUS_BITS = 3;
const STATUS_MASK = 7;

/** The state of all engagements of a program, from close to close. */
export class Register {
  readonly events: AcceptedEvents;
  // The winning event + 1; 0 before the first event.
  readonly winners: Int32Array;
  // The status in the lowest bits, above them the number of the close that gained it.
  readonly states: Int32Array;
  readonly #engagement: EngagementRow;

  constructor(events: AcceptedEvents) {
    this.events = events;
    this.winners = new Int32Array(events.engagementCount);
    this.states = new Int32Array(events.engagementCount);
    this.#engagement = new EngagementRow(this, 0);
  }

  /** Adds an event. */
  fold(event: number): void {
    const engagement = this.events.engagementOf(event);
    const winner = this.winners[engagement] ?? 0;
    // The latest event wins, by the domain's `compareEvents`, without an object for each event: these would take most of the time.
    if (winner === 0 || this.events.compare(event, winner - 1) > 0) {
      this.winners[engagement] = event + 1;
    }
  }

  /**
   * The commonest of what the domain's `settle` does, for engagements that are not blocked: gains one that is active
   * and new. False if `settle` has to decide.
   */
  gain(engagement: number, close: number): boolean {
    const winner = this.winners[engagement] ?? 0;
    if (this.states[engagement] !== 0 || winner === 0 || !this.events.gives(winner - 1)) {
      return false;
    }
    this.states[engagement] = (close << STATUS_BITS) | STATUS_CODES.gained;
    return true;
  }

  /** Makes an engagement that is active now a part of the baseline. */
  setBaseline(engagement: number): void {
    const row = this.at(engagement);
    if (isActive(row)) {
      row.status = 'baseline';
    }
  }

  /** An engagement as the domain's rules see it, until the next one is asked for. */
  at(engagement: number): EngagementRow {
    this.#engagement.row = engagement;
    return this.#engagement;
  }

  /** All follows; each only until the next one. */
  *follows(): Generator<Engagement> {
    for (let engagement = 0; engagement < this.winners.length; engagement += 1) {
      if (this.winners[engagement] !== 0 && this.events.isFollow(engagement)) {
        yield this.at(engagement);
      }
    }
  }
}

/** One engagement as the domain's rules see it; what they change, they change in the register. */
export class EngagementRow implements Engagement {
  readonly #register: Register;
  readonly #winner: EventRow;
  /** Number of the engagement; may be changed, to look at another. */
  row: number;
  /** Kept for the close that lost it only. */
  lostAt = 0;

  constructor(register: Register, row: number) {
    this.#register = register;
    this.#winner = new EventRow(register.events, 0);
    this.row = row;
  }

  get viewerId(): string {
    return this.#register.events.viewers.text(this.#register.events.viewerOf(this.row));
  }

  get creatorId(): string {
    return this.#register.events.creators.text(this.#register.events.creatorOf(this.row));
  }

  get contentId(): string {
    return this.#register.events.contentText(this.#register.events.contentOf(this.row));
  }

  get winner(): EngagementEvent | undefined {
    const winner = this.#register.winners[this.row] ?? 0;
    if (winner === 0) {
      return undefined;
    }
    this.#winner.row = winner - 1;
    return this.#winner;
  }

  set winner(event: EngagementEvent | undefined) {
    if (!(event instanceof EventRow)) {
      throw new Error('only accepted events win');
    }
    this.#register.winners[this.row] = event.row + 1;
  }

  get status(): EngagementStatus {
    return STATUSES[(this.#register.states[this.row] ?? 0) & STATUS_MASK] ?? 'none';
  }

  set status(status: EngagementStatus) {
    this.#register.states[this.row] = (this.gainedAt << STATUS_BITS) | STATUS_CODES[status];
  }

  get gainedAt(): number {
    return (this.#register.states[this.row] ?? 0) >> STATUS_BITS;
  }

  set gainedAt(close: number) {
    this.#register.states[this.row] = (close << STATUS_BITS) | STATUS_CODES[this.status];
  }
}
