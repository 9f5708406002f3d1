import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { event } from '@rewardbook/domain/events/test-events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Acceptance, AcceptedEvents } from './accepted-events.ts';
import { EVENT_BYTES, type EventColumns, eventColumns, type TextColumn } from './columns/event-columns.ts';
import { hashOf } from './columns/hash.ts';
import { EventBytes } from './event-bytes.ts';

const encoder = new TextEncoder();

/** Different ids with the same place in the tables. */
function equalIdentities(): [string, string] {
  const known = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const id = `i${n}`;
    const bytes = encoder.encode(id);
    const hash = hashOf(new DataView(bytes.buffer), 0, bytes.length);
    const other = known.get(hash);
    if (other !== undefined) {
      return [other, id];
    }
    known.set(hash, id);
  }
}

const [A, B] = equalIdentities();
const LONG = '\u{1f600}'.repeat(128);
const TEXTS = [A, B, 'a', 'ab', 'b', '\ufeff', '\ufeffa', 'é', 'e\u0301', LONG, LONG.slice(2), '\u{1f600}', '\uffee'];

function columnsOf(events: readonly EngagementEvent[]): EventColumns {
  const count = events.length;
  const texts = new EventBytes();
  for (const one of events) {
    texts.append(one);
  }
  const bytes = new DataView(texts.bytes.slice(0, texts.size).buffer);
  texts.clear();
  const place = { offset: 8, room: count + (count % 2), count };
  const columns = eventColumns(bytes, new ArrayBuffer(8 + place.room * EVENT_BYTES), place);
  const put = (column: TextColumn, index: number, from: number, end: number): void => {
    column.from[index] = from;
    column.end[index] = end;
    column.hash[index] = hashOf(bytes, from, end);
  };
  for (const [index, one] of events.entries()) {
    texts.append(one);
    put(columns.ids, index, texts.idFrom, texts.idEnd);
    put(columns.sources, index, texts.sourceFrom, one.source === 'default' ? 0 : texts.sourceEnd);
    put(columns.viewers, index, texts.viewerFrom, texts.viewerEnd);
    put(columns.creators, index, texts.creatorFrom, texts.creatorEnd);
    put(columns.contents, index, texts.contentFrom, texts.contentEnd);
    columns.gives[index] = texts.active ? 1 : 0;
    columns.lines[index] = index;
    columns.occurredAt[index] = one.occurredAt;
  }
  return columns;
}

function sorted(events: Iterable<EngagementEvent>): string[] {
  return Array.from(events, (one) => JSON.stringify(one, Object.keys(one).sort())).sort();
}

describe('of several events with the same identity the first is kept', () => {
  const anyText = fc.constantFrom(...TEXTS);
  const anyEvent = fc
    .record({
      id: anyText,
      source: fc.constantFrom('default', 'app', ...TEXTS),
      viewerId: fc.constantFrom('v', A, B),
      creatorId: fc.constantFrom('c', A, B),
      contentId: fc.constantFrom('', 'k', A, B),
      gives: fc.boolean(),
      occurredAt: fc.constantFrom(-62_167_219_200_000, 0, 1, 253_402_300_799_999),
    })
    .map(({ gives, ...rest }): EngagementEvent => {
      const [given, taken] = rest.contentId === '' ? (['follow', 'unfollow'] as const) : (['like', 'unlike'] as const);
      return { ...rest, type: gives ? given : taken };
    });

  it('by viewer, source and id to the byte, whatever their hashes are; all come out as they came in', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60, size: 'max' }), (given) => {
        const standing = new Map<string, EngagementEvent>();
        const events = new AcceptedEvents();
        for (const one of given) {
          const identity = JSON.stringify([one.viewerId, one.source, one.id]);
          const first = standing.get(identity);
          if (first === undefined) {
            standing.set(identity, one);
          }
          const isSame =
            JSON.stringify(Object.entries(first ?? {}).sort()) === JSON.stringify(Object.entries(one).sort());
          expect(events.add(one)).toBe(first === undefined ? 'accepted' : isSame ? 'duplicate' : 'conflict');
        }
        expect([...events]).toEqual([...standing.values()]);
      }),
      { numRuns: 300 },
    );
  });

  it('also when they wait, whatever other events are taken in between', () => {
    const aFew = fc.array(anyEvent, { minLength: 1, maxLength: 40, size: 'max' });
    fc.assert(
      fc.property(
        aFew,
        fc.array(fc.nat(300), { maxLength: 3 }),
        fc.constantFrom(0, 2 ** 31),
        (some, counts, before) => {
          const given = counts.map((count, part) =>
            Array.from({ length: count }, (_, index) => some[(7 * index + part) % some.length]).filter(
              (one) => one !== undefined,
            ),
          );
          const oneByOne = new AcceptedEvents();
          const later = new AcceptedEvents();
          let lines = before;
          for (const part of given) {
            later.addLater(columnsOf(part), lines);
            lines += part.length;
          }
          const was: Acceptance[] = [];
          later.takeWaiting((line, acceptance) => {
            was[line - before] = acceptance;
          });
          expect(was).toEqual(given.flat().map((one) => oneByOne.add(one)));
          expect(sorted(later)).toEqual(sorted(oneByOne));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('also when enough of them wait to fill every part of the viewers', () => {
    const made = Array.from({ length: 100_000 }, (_, n) =>
      event('like', `v${n % 700}`, `c${n % 30}`, n, { id: `${n}` }),
    );
    const events = new AcceptedEvents();
    events.addLater(columnsOf(made), 0);
    events.addLater(columnsOf(made), made.length);
    events.takeWaiting((line, acceptance) => {
      if (acceptance !== (line < made.length ? 'accepted' : 'duplicate')) {
        throw new Error(`${line} is ${acceptance}`);
      }
    });
    expect(sorted(events)).toEqual(sorted(made));
  });

  it('but no event can be taken directly while others wait, nor added to wait after some have been taken', () => {
    const one = event('like', 'v', 'c', 0, {});
    const waiting = new AcceptedEvents();
    waiting.addLater(columnsOf([one]), 0);
    expect(() => waiting.add(one)).toThrow('not both');
    expect(() => waiting.freeze()).toThrow('wait');
    waiting.takeWaiting(() => undefined);
    expect(() => waiting.addLater(columnsOf([one]), 1)).toThrow('not both');
    expect([...waiting]).toEqual([one]);
  });

  it('also when all tables and columns have to grow', () => {
    const events = new AcceptedEvents();
    const made = Array.from({ length: 150_000 }, (_, n) =>
      event(n % 7 === 0 ? 'follow' : 'like', `v${n % 20_000}`, `c${n % 3_000}`, n, {
        id: `${n}-${'x'.repeat(n % 40)}`,
      }),
    );
    for (const one of made) {
      if (events.add(one) !== 'accepted') {
        throw new Error(`${one.id} is not new`);
      }
    }
    for (const one of made) {
      if (events.add(one) !== 'duplicate') {
        throw new Error(`${one.id} is not known`);
      }
    }
    expect(events.size).toBe(made.length);
    let index = 0;
    for (const one of events) {
      if (one.id !== made[index++]?.id) {
        throw new Error(`${one.id} is out of place`);
      }
    }
  });

  it('changed ones keep the close that saw them, further ones come in time', () => {
    const made = [event('like', 'v', 'c', 0, { id: 'a' }), event('like', 'v', 'c', 1, { id: 'b' })];
    const events = new AcceptedEvents(({ id }) => (id === 'a' ? 3 : undefined));
    for (const one of made) {
      events.add(one);
    }
    const further = event('follow', 'w', 'd', 2, { id: 'c' });
    const changed = events.with((one) => ({ ...one, creatorId: 'x' }), [further]);
    expect([...changed]).toEqual([...made.map((one) => ({ ...one, creatorId: 'x' })), further]);
    expect([0, 1, 2].map((row) => changed.seenAt(row))).toEqual([3, 0, 1]);
  });

  it('a text that is too long for an identifier is refused', () => {
    expect(() => new AcceptedEvents().add(event('like', 'v', 'c', 0, { id: 'x'.repeat(1_024) }))).toThrow(RangeError);
  });
});
