import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { type EngagementEvent, eventType } from '@rewardbook/domain/events/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEPARATOR } from './byte-column.ts';
import { InsertColumns } from './event-columns.ts';

const identifier = fc.oneof(
  fc.constantFrom('a', '😀'.repeat(128), 'é', '"\\', 'x'.repeat(128)),
  fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', ' ', 'ß', '語', '🎉'), minLength: 1, maxLength: 20 }),
);
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(0, 0) - 2e12, max: 253_402_300_799_999 }),
  fc.constantFrom(0, -1, 9, 10, 999_999, 1_000_000, 999_999_999_999, -62_167_219_200_000, 253_402_300_799_999),
);
const event: fc.Arbitrary<EngagementEvent> = fc
  .record({
    id: identifier,
    source: identifier,
    viewerId: identifier,
    creatorId: identifier,
    contentId: fc.oneof(identifier, fc.constant('')),
    active: fc.boolean(),
    occurredAt: instant,
  })
  .map(({ active, ...rest }) => ({
    ...rest,
    type: eventType(rest.contentId === '', active),
  }));

describe('EventColumns', () => {
  it('gives back what was added', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
        const columns = new InsertColumns();
        for (const [index, added] of events.entries()) {
          columns.add(added, index);
        }
        expect(columns.size).toBe(events.length);
        expect(columns.pick([...events.keys()])).toEqual(events);
        expect(columns.texts().occurredAt).toBe(events.map((added) => added.occurredAt).join(','));
        expect(columns.texts().ids.split(SEPARATOR)).toEqual(events.map((added) => added.id));
      }),
      { numRuns: 500 },
    );
  });

  it('takes what a scanner read, along with others', () => {
    const scanner = new EventScanner();
    const columns = new InsertColumns();
    const line = Buffer.from(
      '{"id":"i1","type":"follow","viewerId":"v1","creatorId":"c1","occurredAt":"2026-10-03T14:00:00.123Z"}',
    );
    const events: EngagementEvent[] = [];
    for (let i = 0; i < 1_000; i++) {
      expect(scanner.scan(line, 0, line.length, Number.MAX_SAFE_INTEGER)).toBe(true);
      columns.addScanned(line, scanner, 2 * i);
      const scanned = scanner.event(line);
      const other = { ...scanned, id: `é${i}`, type: 'unlike', contentId: 'k' } as const;
      columns.add(other, 2 * i + 1);
      events.push(scanned, other);
    }
    expect(columns.pick([...events.keys()])).toEqual(events);
  });
});
