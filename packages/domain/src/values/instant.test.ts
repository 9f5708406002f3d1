import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from './instant.ts';

const utc = (text: string): string | undefined => {
  const instant = parseInstant(text);
  return instant === undefined ? undefined : formatInstant(instant);
};

describe('occurredAt is strict RFC 3339 with an offset', () => {
  it.each([
    ['2026-10-03T14:00:00.123+07:00', '2026-10-03T07:00:00.123Z'],
    ['2026-10-03T14:00:00Z', '2026-10-03T14:00:00.000Z'],
    ['2026-10-03t14:00:00z', '2026-10-03T14:00:00.000Z'],
    ['2026-10-03T14:00:00-00:00', '2026-10-03T14:00:00.000Z'],
    ['2026-10-03T23:30:00-00:30', '2026-10-04T00:00:00.000Z'],
    ['1937-01-01T12:00:27.87+00:20', '1937-01-01T11:40:27.870Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s', (text, expected) => {
    expect(utc(text)).toBe(expected);
  });

  it.each([
    ['2026-10-03T14:00:00.1239999999999999999999Z', '2026-10-03T14:00:00.123Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
  ])('further digits are cut off, not rounded: %s', (text, expected) => {
    expect(utc(text)).toBe(expected);
  });

  it.each([
    ['no offset', '2026-10-03T14:00:00'],
    ['24:00', '2026-10-03T24:00:00Z'],
    ['leap second', '2016-12-31T23:59:60Z'],
    ['a space', '2026-10-03 14:00:00Z'],
    ['not a real date', '2026-02-29T00:00:00Z'],
    ['not a leap year', '1900-02-29T00:00:00Z'],
    ['month 0', '2026-00-03T00:00:00Z'],
    ['month 13', '2026-13-03T00:00:00Z'],
    ['day 31 of 30', '2026-11-31T00:00:00Z'],
    ['minute 60', '2026-10-03T14:60:00Z'],
    ['offset without colon', '2026-10-03T14:00:00+0700'],
    ['offset of 24 hours', '2026-10-03T14:00:00+24:00'],
    ['offset minute 60', '2026-10-03T14:00:00+07:60'],
    ['a point without digits', '2026-10-03T14:00:00.Z'],
    ['a comma', '2026-10-03T14:00:00,5Z'],
    ['no seconds', '2026-10-03T14:00Z'],
    ['five-digit year', '12026-10-03T14:00:00Z'],
    ['digits that are not ASCII', '2026-10-0৪T14:00:00Z'],
    ['a line break after it', '2026-10-03T14:00:00Z\n'],
    ['a blank before it', ' 2026-10-03T14:00:00Z'],
    ['before the year 0000 in UTC', '0000-01-01T00:00:00+00:01'],
    ['after the year 9999 in UTC', '9999-12-31T23:59:59-00:01'],
    ['nothing', ''],
  ])('refuses %s', (_why, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('reads back what it writes, and agrees with Date', () => {
    const instants = fc.integer({
      min: Date.parse('0000-01-01T00:00:00Z'),
      max: Date.parse('9999-12-31T23:59:59.999Z'),
    });
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parseInstant(formatInstant(instant))).toBe(instant);
      }),
    );
  });
});
