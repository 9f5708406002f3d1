import { DEFAULT_SOURCE, type EngagementEvent, type EventType, eventType } from '@rewardbook/domain/events/event';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { ByteStore } from './columns/byte-store.ts';
import { Float64Column, Int32Column } from './columns/column.ts';
import { Dictionary } from './columns/dictionary.ts';
import type { EventColumns, Range } from './columns/event-columns.ts';
import { hashOf, mix } from './columns/hash.ts';
import { EMPTY, SlotTable } from './columns/slot-table.ts';
import { SpareMemory } from './columns/spare-memory.ts';
import { EventBytes } from './event-bytes.ts';
import { type NumberedEvent, WaitingEvents } from './waiting-events.ts';

export type Acceptance = 'accepted' | 'duplicate' | 'conflict';

/** Where the parts of an event lie in bytes read elsewhere, as UTF-8. */
export interface EventPositions {
  readonly idFrom: number;
  readonly idEnd: number;
  readonly sourceFrom: number;
  /** 0 if no source is given. */
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

/** Number of the first close that saw an event recorded; undefined if none did. */
export type SeenAt = (event: EngagementEvent) => number | undefined;

/** Events and engagements have numbers from 0; the content of a follow is this. */
const NO_CONTENT = -1;

// An event's column has its engagement and, in the lowest bit, whether it gives.
const MAX_ENGAGEMENTS = 2 ** 30;
const NEVER = 0;
// Events that are looked up in the dictionaries together: with what they need of these they stay in a core’s cache.
const EVENTS_PER_LOOKUP = 128;
// The fields of an engagement are stored together: viewer, creator, content.
const FIELDS_PER_ENGAGEMENT = 3;

/**
 * The accepted events of a program, and the engagements that they are about: of several with the same identity (viewer, source,
 * id), the first is kept.
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
  readonly #spare = new SpareMemory();
  readonly #idOf = new Int32Column(this.#spare);
  readonly #engagementOf = new Int32Column(this.#spare);
  readonly #occurredAt = new Float64Column(this.#spare);
  readonly #parties = new Int32Column(this.#spare);
  readonly #seenAt: SeenAt | undefined;
  readonly #seen = new Int32Column();

  // To be let go once the closes begin: what comes then comes too late.
  #identities: SlotTable | undefined = new SlotTable();
  #engagements: SlotTable | undefined = new SlotTable();
  #waiting: WaitingEvents | undefined;
  readonly #given = new EventBytes();
  // A block of bytes mostly has many events.
  #bytes: Uint8Array | undefined;
  #view = this.#given.view;
  readonly #numbers = {
    viewers: new Int32Array(EVENTS_PER_LOOKUP),
    creators: new Int32Array(EVENTS_PER_LOOKUP),
    contents: new Int32Array(EVENTS_PER_LOOKUP),
  };
  readonly #read: { -readonly [key in keyof NumberedEvent]: NumberedEvent[key] } = {
    viewer: 0,
    creator: 0,
    content: NO_CONTENT,
    active: false,
    occurredAt: 0,
    idReference: 0,
    identityHash: 0,
  };
  readonly #defaultSource: number;

  /** @param seenAt left out, every event was recorded before the first close */
  constructor(seenAt?: SeenAt) {
    this.#seenAt = seenAt;
    const source = new TextEncoder().encode(DEFAULT_SOURCE);
    this.#defaultSource = this.#sources.intern(new DataView(source.buffer), 0, source.length);
  }

  get size(): number {
    return this.#idOf.size;
  }

  get engagementCount(): number {
    return this.#parties.size / FIELDS_PER_ENGAGEMENT;
  }

  add(event: EngagementEvent): Acceptance {
    this.#given.set(event);
    const acceptance = this.#takeRead(this.#given.view, this.#given);
    if (acceptance === 'accepted' && this.#seenAt !== undefined) {
      this.#seen.push(this.#seenAt(event) ?? NEVER);
    }
    return acceptance;
  }

  /**
   * Adds an event that was read from bytes; they may change afterwards.
   *
   * @param seenAt the close that saw it first, where it matters which did
   */
  addBytes(bytes: Uint8Array, at: EventPositions, seenAt?: number): Acceptance {
    if ((this.#seenAt !== undefined) !== (seenAt !== undefined)) {
      throw new Error('who saw an event is said of all events or of none');
    }
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const acceptance = this.#takeRead(this.#view, at);
    if (acceptance === 'accepted' && seenAt !== undefined) {
      this.#seen.push(seenAt);
    }
    return acceptance;
  }

  /**
   * Keeps events until `takeWaiting`. Where there are millions that is several times as fast: all of a viewer are taken one after the
   * other then, and what they need is in the processor's cache.
   *
   * @param linesBefore how many lines came before those of the columns; in all there are less than 2^32
   */
  addLater(events: EventColumns, linesBefore: number): void {
    if (this.#seenAt !== undefined) {
      throw new Error('who saw an event is asked of objects only');
    }
    if (this.size > 0) {
      throw new Error('events are taken at once or later, but not both');
    }
    this.#waiting ??= new WaitingEvents();
    for (let from = 0; from < events.lines.length; from += EVENTS_PER_LOOKUP) {
      this.#awaitSome(events, { from, end: Math.min(from + EVENTS_PER_LOOKUP, events.lines.length) }, linesBefore);
    }
  }

  /** Takes the events that wait. They are not in the order of their lines, but those of a viewer are. The last that can be added. */
  takeWaiting(took: (line: number, acceptance: Acceptance) => void): void {
    for (const part of this.#waiting?.parts() ?? []) {
      // Nothing of another part is the same as anything of this one.
      this.#identities?.clear();
      this.#engagements?.clear();
      part.each(this.#spare, (event, line) => took(line, this.#take(event)));
    }
    this.#waiting = undefined;
    this.freeze();
  }

  #awaitSome(events: EventColumns, range: Range, linesBefore: number): void {
    const { bytes, ids, sources, contents, gives, lines, occurredAt } = events;
    const numbers = this.#numbers;
    this.viewers.internAll(bytes, events.viewers, range, numbers.viewers);
    this.creators.internAll(bytes, events.creators, range, numbers.creators);
    this.contents.internAll(bytes, contents, range, numbers.contents);
    const read = this.#read;
    for (let event = range.from; event < range.end; event += 1) {
      const place = event - range.from;
      const sourceEnd = sources.end[event] ?? 0;
      const source =
        sourceEnd === 0
          ? this.#defaultSource
          : this.#sources.intern(bytes, sources.from[event] ?? 0, sourceEnd, sources.hash[event]);
      read.viewer = numbers.viewers[place] ?? 0;
      read.creator = numbers.creators[place] ?? 0;
      read.content = contents.end[event] === contents.from[event] ? NO_CONTENT : (numbers.contents[place] ?? 0);
      read.active = gives[event] === 1;
      read.occurredAt = occurredAt[event] ?? 0;
      read.idReference = this.#ids.add(bytes, ids.from[event] ?? 0, ids.end[event] ?? 0, source);
      read.identityHash = identityHash(read.viewer, source, ids.hash[event] ?? 0);
      this.#waiting?.add(read, linesBefore + (lines[event] ?? 0));
    }
  }

  #takeRead(bytes: DataView, at: EventPositions): Acceptance {
    if (this.#waiting !== undefined) {
      throw new Error('events are taken at once or later, but not both');
    }
    this.#number(bytes, at);
    const acceptance = this.#take(this.#read);
    if (acceptance !== 'accepted') {
      this.#ids.takeBack(this.#read.idReference);
    }
    return acceptance;
  }

  /** Gives what was read its numbers. */
  #number(bytes: DataView, at: EventPositions): void {
    const { idFrom, idEnd, contentFrom, contentEnd } = at;
    const read = this.#read;
    const viewer = this.viewers.intern(bytes, at.viewerFrom, at.viewerEnd);
    const source = at.sourceEnd === 0 ? this.#defaultSource : this.#sources.intern(bytes, at.sourceFrom, at.sourceEnd);
    read.viewer = viewer;
    read.creator = this.creators.intern(bytes, at.creatorFrom, at.creatorEnd);
    read.content = contentEnd === contentFrom ? NO_CONTENT : this.contents.intern(bytes, contentFrom, contentEnd);
    read.active = at.active;
    read.occurredAt = at.occurredAt;
    read.idReference = this.#ids.add(bytes, idFrom, idEnd, source);
    read.identityHash = identityHash(viewer, source, hashOf(bytes, idFrom, idEnd));
  }

  #take({ viewer, creator, content, active, occurredAt, idReference, identityHash }: NumberedEvent): Acceptance {
    if (this.#identities === undefined) {
      throw new Error('the closes have begun: no further event can be taken');
    }
    for (let slot = this.#identities.first(identityHash); ; slot = this.#identities.next(slot)) {
      const known = this.#identities.at(slot, identityHash);
      if (known === EMPTY) {
        break;
      }
      if (known < 0) {
        continue;
      }
      const engagement = this.engagementOf(known);
      if (this.viewerOf(engagement) !== viewer || !this.#ids.areEqual(this.#idOf.get(known), idReference)) {
        continue;
      }
      const isSame =
        this.creatorOf(engagement) === creator &&
        this.contentOf(engagement) === content &&
        this.gives(known) === active &&
        this.occurredAt(known) === occurredAt;
      return isSame ? 'duplicate' : 'conflict';
    }
    const engagement = this.#engagement(viewer, creator, content);
    this.#identities.add(identityHash, this.size);
    this.#idOf.push(idReference);
    this.#engagementOf.push(2 * engagement + (active ? 1 : 0));
    this.#occurredAt.push(occurredAt);
    return 'accepted';
  }

  /** Lets go what only adding needs, which is much. */
  freeze(): void {
    if (this.#waiting !== undefined) {
      throw new Error('there are events that wait to be taken');
    }
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
    return eventType(this.isFollow(this.engagementOf(event)), this.gives(event));
  }

  viewerOf(engagement: number): number {
    return this.#parties.get(FIELDS_PER_ENGAGEMENT * engagement);
  }

  creatorOf(engagement: number): number {
    return this.#parties.get(FIELDS_PER_ENGAGEMENT * engagement + 1);
  }

  isFollow(engagement: number): boolean {
    return this.contentOf(engagement) === NO_CONTENT;
  }

  /** NO_CONTENT for a follow. */
  contentOf(engagement: number): number {
    return this.#parties.get(FIELDS_PER_ENGAGEMENT * engagement + 2);
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
      yield this.#objectOf(event);
    }
  }

  /** The same events, each changed by a function, and further ones, which come in time; who saw them stays. */
  with(change: (event: EngagementEvent) => EngagementEvent, further: Iterable<EngagementEvent>): AcceptedEvents {
    let seenAt = 1;
    const made = new AcceptedEvents(this.#seenAt && (() => seenAt));
    for (let event = 0; event < this.size; event += 1) {
      seenAt = this.seenAt(event);
      made.add(change(this.#objectOf(event)));
    }
    seenAt = 1;
    for (const event of further) {
      made.add(event);
    }
    return made;
  }

  #objectOf(event: number): EngagementEvent {
    const engagement = this.engagementOf(event);
    return {
      id: this.id(event),
      source: this.source(event),
      type: this.type(event),
      viewerId: this.viewers.text(this.viewerOf(engagement)),
      creatorId: this.creators.text(this.creatorOf(engagement)),
      contentId: this.contentText(this.contentOf(engagement)),
      occurredAt: this.occurredAt(event),
    };
  }

  #engagement(viewer: number, creator: number, content: number): number {
    const table = this.#engagements;
    if (table === undefined) {
      throw new Error('the closes have begun');
    }
    const hash = engagementHash(viewer, creator, content);
    for (let slot = table.first(hash); ; slot = table.next(slot)) {
      const known = table.at(slot, hash);
      if (known === EMPTY) {
        break;
      }
      if (known < 0 || this.viewerOf(known) !== viewer) {
        continue;
      }
      if (this.creatorOf(known) === creator && this.contentOf(known) === content) {
        return known;
      }
    }
    const engagement = this.engagementCount;
    if (engagement === MAX_ENGAGEMENTS) {
      throw new RangeError('More than 2^30 engagements: simulate fewer at a time');
    }
    table.add(hash, engagement);
    this.#parties.push(viewer);
    this.#parties.push(creator);
    this.#parties.push(content);
    return engagement;
  }
}

function identityHash(viewer: number, source: number, idHash: number): number {
  return mix(idHash ^ mix(viewer + source));
}

function engagementHash(viewer: number, creator: number, content: number): number {
  return mix(Math.imul(mix(Math.imul(viewer, 31) + creator), 31) + content);
}

/** Events that were accepted before, or are to be. */
export function accepted(events: Iterable<EngagementEvent>): AcceptedEvents {
  if (events instanceof AcceptedEvents) {
    return events;
  }
  const store = new AcceptedEvents();
  for (const event of events) {
    store.add(event);
  }
  return store;
}
