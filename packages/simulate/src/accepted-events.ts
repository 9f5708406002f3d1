import { DEFAULT_SOURCE, type EngagementEvent, type EventType } from '@rewardbook/domain/event';
import { compareUtf8 } from '@rewardbook/domain/utf8-order';
import { ByteStore } from './columns/byte-store.ts';
import { Float64Column, Int32Column } from './columns/column.ts';
import { Dictionary } from './columns/dictionary.ts';
import { hashOf, mix } from './columns/hash.ts';
import { EMPTY, SlotTable } from './columns/slot-table.ts';
import { EventBytes } from './event-bytes.ts';
import { LookedUp, TOGETHER } from './looked-up.ts';

export type Acceptance = 'accepted' | 'duplicate' | 'conflict';

/** Where the parts of an event lie in bytes that somebody read, as UTF-8. */
export interface EventPositions {
  readonly idFrom: number;
  readonly idEnd: number;
  readonly sourceFrom: number;
  /** 0 where no source is given. */
  readonly sourceEnd: number;
  readonly viewerFrom: number;
  readonly viewerEnd: number;
  readonly creatorFrom: number;
  readonly creatorEnd: number;
  readonly contentFrom: number;
  /** Equal to contentFrom for follow and unfollow. */
  readonly contentEnd: number;
  /** Whether it gives. */
  readonly active: boolean;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}

/** Events in bytes, one after the other. */
export interface EventSequence extends EventPositions {
  readonly count: number;
  /** Where the event at hand lies. */
  readonly bytes: Uint8Array;
  /** Puts an event at hand, by its index from 0. */
  goTo(index: number): void;
}

/** Number of the first close that saw an event recorded; undefined if none did. */
export type SeenAt = (event: EngagementEvent) => number | undefined;

/** Events and engagements have numbers from 0; the content of a follow is this. */
export const NO_CONTENT = -1;

// An event's column has its engagement and, in the lowest bit, whether it gives.
const MAX_ENGAGEMENTS = 2 ** 30;
const NEVER = 0;
// What is asked of an engagement stands together: viewer, creator, content.
const PARTIES = 3;

/**
 * The accepted events of a program, and the engagements that they are about: of several with the same identity (viewer, source,
 * id), the first stands.
 *
 * An event is a row of numbers, about 20 bytes and its id, and an engagement another 30: objects for them would take ten times
 * the memory, and most of the time.
 */
export class AcceptedEvents implements Iterable<EngagementEvent> {
  readonly viewers = new Dictionary();
  readonly creators = new Dictionary();
  readonly contents = new Dictionary();
  readonly #sources = new Dictionary();

  readonly #ids = new ByteStore(); // with the number of the source
  readonly #idOf = new Int32Column();
  readonly #engagementOf = new Int32Column();
  readonly #occurredAt = new Float64Column();
  readonly #parties = new Int32Column();
  readonly #seenAt: SeenAt | undefined;
  readonly #seen = new Int32Column();

  // To be let go once the closes begin: what comes then comes too late.
  #identities: SlotTable | undefined = new SlotTable((put) => {
    for (let event = 0; event < this.size; event += 1) {
      const reference = this.#idOf.get(event);
      const seed = identitySeed(this.viewerOf(this.engagementOf(event)), this.#ids.numberAt(reference));
      put(this.#ids.hashAt(reference, seed), event);
    }
  });
  #engagements: SlotTable | undefined = new SlotTable((put) => {
    for (let engagement = 0; engagement < this.engagementCount; engagement += 1) {
      const content = this.contentOf(engagement);
      put(engagementHash(this.viewerOf(engagement), this.creatorOf(engagement), content), engagement);
    }
  });
  readonly #given = new EventBytes();
  readonly #lookedUp = new LookedUp();
  readonly #defaultSource: number;

  /** @param seenAt left out, every event was recorded before the first close */
  constructor(seenAt?: SeenAt) {
    this.#seenAt = seenAt;
    const source = new TextEncoder().encode(DEFAULT_SOURCE);
    this.#defaultSource = this.#sources.intern(source, 0, source.length);
  }

  get size(): number {
    return this.#idOf.size;
  }

  get engagementCount(): number {
    return this.#parties.size / PARTIES;
  }

  add(event: EngagementEvent): Acceptance {
    this.#given.set(event);
    const acceptance = this.#lookUpAndTake(this.#given.bytes, this.#given);
    if (acceptance === 'accepted' && this.#seenAt !== undefined) this.#seen.push(this.#seenAt(event) ?? NEVER);
    return acceptance;
  }

  /** Adds an event that was read from bytes; they may change afterwards. */
  addBytes(bytes: Uint8Array, at: EventPositions): Acceptance {
    if (this.#seenAt !== undefined) throw new Error('who saw an event is asked of objects only');
    return this.#lookUpAndTake(bytes, at);
  }

  /**
   * Adds events as `addBytes` does. What many of them need of the tables is read before the first of them is taken: the processor
   * waits for all of it at once, and not for each on its own.
   */
  addEach(events: EventSequence, took: (acceptance: Acceptance) => void): void {
    if (this.#seenAt !== undefined) throw new Error('who saw an event is asked of objects only');
    for (let from = 0; from < events.count; from += TOGETHER) {
      const together = Math.min(TOGETHER, events.count - from);
      for (let place = 0; place < together; place += 1) {
        events.goTo(from + place);
        this.#hash(place, events.bytes, events);
      }
      for (let place = 0; place < together; place += 1) this.#touchTexts(place);
      for (let place = 0; place < together; place += 1) {
        events.goTo(from + place);
        this.#lookUp(place, events.bytes, events);
      }
      for (let place = 0; place < together; place += 1) {
        events.goTo(from + place);
        took(this.#take(place, events.bytes, events));
      }
    }
  }

  /** Makes room for so many events at once, which spares tables that grow; to be called before the first event. */
  expect(count: number): void {
    this.#identities?.reserve(count);
    this.#engagements?.reserve(count); // most events are the only one of theirs
  }

  #lookUpAndTake(bytes: Uint8Array, at: EventPositions): Acceptance {
    this.#hash(0, bytes, at);
    this.#lookUp(0, bytes, at);
    return this.#take(0, bytes, at);
  }

  #hash(place: number, bytes: Uint8Array, at: EventPositions): void {
    const { viewerHashes, creatorHashes, contentHashes, viewers, creators, contents } = this.#lookedUp;
    const viewerHash = hashOf(bytes, at.viewerFrom, at.viewerEnd);
    viewerHashes[place] = viewerHash;
    viewers[place] = this.viewers.touch(viewerHash);
    const creatorHash = hashOf(bytes, at.creatorFrom, at.creatorEnd);
    creatorHashes[place] = creatorHash;
    creators[place] = this.creators.touch(creatorHash);
    const contentHash = hashOf(bytes, at.contentFrom, at.contentEnd);
    contentHashes[place] = contentHash;
    contents[place] = this.contents.touch(contentHash);
  }

  #touchTexts(place: number): void {
    const { viewers, creators, contents, touched } = this.#lookedUp;
    touched[place] =
      this.viewers.touchText(viewers[place] ?? 0) +
      this.creators.touchText(creators[place] ?? 0) +
      this.contents.touchText(contents[place] ?? 0);
  }

  #lookUp(place: number, bytes: Uint8Array, at: EventPositions): void {
    const all = this.#lookedUp;
    const viewer = this.viewers.find(bytes, at.viewerFrom, at.viewerEnd, all.viewerHashes[place] ?? 0);
    all.viewers[place] = viewer;
    const creator = this.creators.find(bytes, at.creatorFrom, at.creatorEnd, all.creatorHashes[place] ?? 0);
    all.creators[place] = creator;
    const isFollow = at.contentEnd === at.contentFrom;
    const content = isFollow
      ? NO_CONTENT
      : this.contents.find(bytes, at.contentFrom, at.contentEnd, all.contentHashes[place] ?? 0);
    all.contents[place] = content;
    const source = at.sourceEnd === 0 ? this.#defaultSource : this.#sources.intern(bytes, at.sourceFrom, at.sourceEnd);
    all.sources[place] = source;
    if (viewer < 0) return;
    const hash = hashOf(bytes, at.idFrom, at.idEnd, identitySeed(viewer, source));
    all.identityHashes[place] = hash;
    all.touched[place] = this.#identities?.touch(hash) ?? 0;
    if (creator < 0 || (content < 0 && !isFollow)) return;
    all.touched[place] = this.#engagements?.touch(engagementHash(viewer, creator, content)) ?? 0;
  }

  #take(place: number, bytes: Uint8Array, at: EventPositions): Acceptance {
    if (this.#identities === undefined) throw new Error('the closes have begun: no further event can be taken');
    const all = this.#lookedUp;
    const { idFrom, idEnd, occurredAt } = at;
    const source = all.sources[place] ?? 0;
    let viewer = all.viewers[place] ?? 0;
    let hash = all.identityHashes[place] ?? 0;
    if (viewer < 0) {
      viewer = this.viewers.intern(bytes, at.viewerFrom, at.viewerEnd, all.viewerHashes[place]);
      hash = hashOf(bytes, idFrom, idEnd, identitySeed(viewer, source));
    }
    for (let slot = this.#identities.first(hash); ; slot = this.#identities.next(slot)) {
      const known = this.#identities.at(slot, hash);
      if (known === EMPTY) break;
      if (known < 0 || this.viewerOf(this.engagementOf(known)) !== viewer) continue;
      if (this.#ids.numberOf(this.#idOf.get(known), bytes, idFrom, idEnd) !== source) continue;
      return this.#isSame(known, bytes, at) ? 'duplicate' : 'conflict';
    }
    let creator = all.creators[place] ?? 0;
    if (creator < 0) creator = this.creators.intern(bytes, at.creatorFrom, at.creatorEnd, all.creatorHashes[place]);
    let content = all.contents[place] ?? 0;
    if (content < 0 && at.contentEnd !== at.contentFrom) {
      content = this.contents.intern(bytes, at.contentFrom, at.contentEnd, all.contentHashes[place]);
    }
    const engagement = this.#engagement(viewer, creator, content);
    this.#identities.add(hash, this.size);
    this.#idOf.push(this.#ids.add(bytes, idFrom, idEnd, source));
    this.#engagementOf.push(2 * engagement + (at.active ? 1 : 0));
    this.#occurredAt.push(occurredAt);
    return 'accepted';
  }

  /** Lets go what only adding needs, which is much. */
  freeze(): void {
    this.#identities = undefined;
    this.#engagements = undefined;
  }

  engagementOf(event: number): number {
    return this.#engagementOf.get(event) >> 1;
  }

  /** Whether an event is a like or a follow. */
  gives(event: number): boolean {
    return (this.#engagementOf.get(event) & 1) === 1;
  }

  /** Epoch milliseconds. */
  occurredAt(event: number): number {
    return this.#occurredAt.get(event);
  }

  /** Number of the first close that saw an event; 0 where none did. */
  seenAt(event: number): number {
    return this.#seenAt === undefined ? 1 : this.#seen.get(event);
  }

  id(event: number): string {
    return this.#ids.textAt(this.#idOf.get(event));
  }

  source(event: number): string {
    return this.#sources.text(this.#ids.numberAt(this.#idOf.get(event)));
  }

  type(event: number): EventType {
    const isLike = !this.isFollow(this.engagementOf(event));
    if (this.gives(event)) return isLike ? 'like' : 'follow';
    return isLike ? 'unlike' : 'unfollow';
  }

  viewerOf(engagement: number): number {
    return this.#parties.get(PARTIES * engagement);
  }

  creatorOf(engagement: number): number {
    return this.#parties.get(PARTIES * engagement + 1);
  }

  isFollow(engagement: number): boolean {
    return this.contentOf(engagement) === NO_CONTENT;
  }

  /** NO_CONTENT for a follow. */
  contentOf(engagement: number): number {
    return this.#parties.get(PARTIES * engagement + 2);
  }

  /** Text of a content; `''` for none. */
  contentText(content: number): string {
    return content === NO_CONTENT ? '' : this.contents.text(content);
  }

  /** As `compareEvents` in domain: by `(occurredAt, id, source)`, texts as UTF-8 bytes. */
  compare(a: number, b: number): number {
    return (
      this.occurredAt(a) - this.occurredAt(b) ||
      compareUtf8(this.id(a), this.id(b)) ||
      compareUtf8(this.source(a), this.source(b))
    );
  }

  /** The events as objects, made one by one. */
  *[Symbol.iterator](): Generator<EngagementEvent, void, undefined> {
    for (let event = 0; event < this.size; event += 1) {
      const engagement = this.engagementOf(event);
      yield {
        id: this.id(event),
        source: this.source(event),
        type: this.type(event),
        viewerId: this.viewers.text(this.viewerOf(engagement)),
        creatorId: this.creators.text(this.creatorOf(engagement)),
        contentId: this.contentText(this.contentOf(engagement)),
        occurredAt: this.occurredAt(event),
      };
    }
  }

  #engagement(viewer: number, creator: number, content: number): number {
    const table = this.#engagements;
    if (table === undefined) throw new Error('the closes have begun');
    const hash = engagementHash(viewer, creator, content);
    for (let slot = table.first(hash); ; slot = table.next(slot)) {
      const known = table.at(slot, hash);
      if (known === EMPTY) break;
      if (known < 0 || this.viewerOf(known) !== viewer) continue;
      if (this.creatorOf(known) === creator && this.contentOf(known) === content) return known;
    }
    const engagement = this.engagementCount;
    if (engagement === MAX_ENGAGEMENTS) throw new RangeError('More than 2^30 engagements: simulate fewer at a time');
    table.add(hash, engagement);
    this.#parties.push(viewer);
    this.#parties.push(creator);
    this.#parties.push(content);
    return engagement;
  }

  /** Whether what was read says the same as an event of the same identity. */
  #isSame(event: number, bytes: Uint8Array, at: EventPositions): boolean {
    const engagement = this.engagementOf(event);
    const content = this.contentOf(engagement);
    const isSameContent =
      content === NO_CONTENT
        ? at.contentEnd === at.contentFrom
        : this.contents.equals(content, bytes, at.contentFrom, at.contentEnd);
    return (
      isSameContent &&
      this.gives(event) === at.active &&
      this.occurredAt(event) === at.occurredAt &&
      this.creators.equals(this.creatorOf(engagement), bytes, at.creatorFrom, at.creatorEnd)
    );
  }
}

function identitySeed(viewer: number, source: number): number {
  return mix(viewer + source);
}

function engagementHash(viewer: number, creator: number, content: number): number {
  return mix(Math.imul(mix(Math.imul(viewer, 31) + creator), 31) + content);
}

/** Events that were accepted before, or are to be. */
export function accepted(events: Iterable<EngagementEvent>): AcceptedEvents {
  if (events instanceof AcceptedEvents) return events;
  const store = new AcceptedEvents();
  for (const event of events) store.add(event);
  return store;
}
