import type { EngagementEvent } from '@rewardbook/domain/event';
import { event } from '@rewardbook/domain/test-events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Acceptance, AcceptedEvents, type EventSequence } from './accepted-events.ts';
import { hashOf, mix } from './columns/hash.ts';
import { EventBytes } from './event-bytes.ts';
import { TOGETHER } from './looked-up.ts';

const encoder = new TextEncoder();

/** Different ids of the first viewer and the default source under which the tables find the same place. */
function equalIdentities(): [string, string] {
  const known = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const id = `i${n}`;
    const bytes = encoder.encode(id);
    const hash = hashOf(bytes, 0, bytes.length, mix(0));
    const other = known.get(hash);
    if (other !== undefined) return [other, id];
    known.set(hash, id);
  }
}

const [A, B] = equalIdentities();
const LONG = '\u{1f600}'.repeat(128);
const TEXTS = [A, B, 'a', 'ab', 'b', '\ufeff', '\ufeffa', 'é', 'e\u0301', LONG, LONG.slice(2), '\u{1f600}', '\uffee'];

/** Events that are written when they come to hand, each over the one before. */
function sequenceOf(events: readonly EngagementEvent[]): EventSequence {
  const bytes = new EventBytes();
  return Object.assign(bytes, {
    count: events.length,
    goTo: (index: number) => {
      const event = events[index];
      if (event !== undefined) bytes.set(event);
    },
  });
}

describe('of several events with the same identity the first stands', () => {
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
          if (first === undefined) standing.set(identity, one);
          const isSame =
            JSON.stringify(Object.entries(first ?? {}).sort()) === JSON.stringify(Object.entries(one).sort());
          expect(events.add(one)).toBe(first === undefined ? 'accepted' : isSame ? 'duplicate' : 'conflict');
        }
        expect([...events]).toEqual([...standing.values()]);
      }),
      { numRuns: 300 },
    );
  });

  it('also when they are looked up many at a time, in bytes, whatever room was made for them', () => {
    const aFew = fc.array(anyEvent, { minLength: 1, maxLength: 40, size: 'max' });
    fc.assert(
      fc.property(aFew, fc.integer({ min: 1, max: 3 * TOGETHER }), fc.nat(300), (some, count, room) => {
        const given = Array.from({ length: count }, (_, index) => some[(7 * index) % some.length] ?? some[0]).filter(
          (one) => one !== undefined,
        );
        const oneByOne = new AcceptedEvents();
        const together = new AcceptedEvents();
        together.expect(room);
        const was: Acceptance[] = [];
        together.addEach(sequenceOf(given), (acceptance) => was.push(acceptance));
        expect(was).toEqual(given.map((one) => oneByOne.add(one)));
        expect([...together]).toEqual([...oneByOne]);
      }),
      { numRuns: 50 },
    );
  });

  it('also where there are so many that all tables and columns grow', () => {
    const events = new AcceptedEvents();
    const made = Array.from({ length: 150_000 }, (_, n) =>
      event(n % 7 === 0 ? 'follow' : 'like', `v${n % 20_000}`, `c${n % 3_000}`, n, {
        id: `${n}-${'x'.repeat(n % 40)}`,
      }),
    );
    for (const one of made) if (events.add(one) !== 'accepted') throw new Error(`${one.id} is not new`);
    for (const one of made) if (events.add(one) !== 'duplicate') throw new Error(`${one.id} is not known`);
    expect(events.size).toBe(made.length);
    let index = 0;
    for (const one of events) if (one.id !== made[index++]?.id) throw new Error(`${one.id} is out of place`);
  });

  it('a text that is too long for an identifier is refused', () => {
    expect(() => new AcceptedEvents().add(event('like', 'v', 'c', 0, { id: 'x'.repeat(1_024) }))).toThrow(RangeError);
  });
});
