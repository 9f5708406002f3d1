import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertPeriodOf,
  comparePeriods,
  firstDate,
  formatPeriod,
  lastDate,
  nextPeriod,
  type PeriodKind,
  parsePeriod,
  periodAt,
  periodBounds,
  periodFinder,
  periodOf,
  previousPeriod,
} from './period.ts';
import { localDate } from './time-zone.ts';

const bounds = (label: string, zone: string): [string, string] => {
  const { start, end } = periodBounds(label, zone);
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

describe('labels', () => {
  it.each(['2026-10', '2026-W43', '2026-10-15', '2020-W53', '2026-W53', '2024-02-29', '0000-01', '9999-12'])(
    '%s',
    (label) => {
      expect(formatPeriod(periodOf(label))).toBe(label);
    },
  );

  it.each(['2026-13', '2026-00', '2026-1', '2026-W54', '2021-W53', '2026-W00', '2026-w43', '2026-02-29', '2026', ''])(
    'refuses "%s"',
    (label) => {
      expect(parsePeriod(label)).toBeUndefined();
      expect(() => nextPeriod(label)).toThrow(expect.objectContaining({ code: 'bad-period' }));
    },
  );

  it.each([
    ['2026-12', '2027-01'],
    ['2020-W53', '2021-W01'],
    ['2021-W52', '2022-W01'],
    ['2026-12-31', '2027-01-01'],
    ['2024-02-28', '2024-02-29'],
  ])('after %s comes %s', (label, next) => {
    expect(nextPeriod(label)).toBe(next);
    expect(previousPeriod(next)).toBe(label);
    expect(comparePeriods(label, next)).toBeLessThan(0);
  });

  it('a program has periods of one kind', () => {
    expect(() => assertPeriodOf({ periodKind: 'week' }, '2026-W43')).not.toThrow();
    for (const label of ['2026-10', '2026-10-15', '2026-W54', '']) {
      expect(() => assertPeriodOf({ periodKind: 'week' }, label)).toThrow(
        `"${label}" is not a period of this program, whose periods are weeks, such as 2026-W43`,
      );
    }
  });

  it('periods of different kinds cannot be compared', () => {
    expect(() => comparePeriods('2026-10', '2026-10-01')).toThrow(expect.objectContaining({ code: 'bad-period' }));
  });

  it.each([
    ['2026-10', '2026-10-01', '2026-10-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2026-W01', '2025-12-29', '2026-01-04'],
    ['2026-10-15', '2026-10-15', '2026-10-15'],
  ])('%s goes from %s to %s', (label, first, last) => {
    expect([firstDate(label), lastDate(label)]).toEqual([first, last]);
  });
});

describe('a period starts at the first instant whose local date is its first date or later', () => {
  it.each([
    ['a month in Jakarta', '2026-10', 'Asia/Jakarta', '2026-09-30T17:00:00.000Z', '2026-10-31T17:00:00.000Z'],
    ['an ISO week', '2026-W43', 'UTC', '2026-10-19T00:00:00.000Z', '2026-10-26T00:00:00.000Z'],
    // Clocks went from 00:00 to 01:00: the day began at 01:00 local time.
    ['midnight skipped', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
    // Clocks went from 24:00 back to 23:00: the hour before midnight came twice and both are of the old day.
    ['midnight put off', '2018-02-17', 'America/Sao_Paulo', '2018-02-17T02:00:00.000Z', '2018-02-18T03:00:00.000Z'],
    // Clocks went from 00:01 back to 23:01: the new date began, ended after a minute and began again.
    ['midnight twice', '2006-10-29', 'America/St_Johns', '2006-10-29T02:30:00.000Z', '2006-10-30T03:30:00.000Z'],
    ['the day before that', '2006-10-28', 'America/St_Johns', '2006-10-28T02:30:00.000Z', '2006-10-29T02:30:00.000Z'],
    [
      'the day before the skipped one',
      '2011-12-29',
      'Pacific/Apia',
      '2011-12-29T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ],
    [
      'the day that Samoa skipped',
      '2011-12-30',
      'Pacific/Apia',
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ],
    ['the day after it', '2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'],
    ['half an hour off', '2026-10-15', 'Asia/Kolkata', '2026-10-14T18:30:00.000Z', '2026-10-15T18:30:00.000Z'],
  ])('%s: %s in %s', (_name, label, zone, start, end) => {
    expect(bounds(label, zone)).toEqual([start, end]);
  });

  it('an instant of a repeated local time belongs to the period that has begun', () => {
    // The second 23:30 of 28 October 2006 in St John's, after the 29th began.
    expect(periodAt(Date.parse('2006-10-29T03:00:00Z'), 'day', 'America/St_Johns')).toBe('2006-10-29');
  });

  it('nothing lies in a skipped day', () => {
    expect(periodAt(Date.parse('2011-12-30T10:00:00Z'), 'day', 'Pacific/Apia')).toBe('2011-12-31');
    expect(periodAt(Date.parse('2011-12-30T09:59:59.999Z'), 'day', 'Pacific/Apia')).toBe('2011-12-29');
  });

  const kinds = fc.constantFrom<PeriodKind>('month', 'week', 'day');
  const zones = fc.constantFrom(
    'Asia/Jakarta',
    'America/Sao_Paulo',
    'America/St_Johns',
    'Pacific/Apia',
    'Africa/Cairo',
  );
  const instants = fc.integer({ min: Date.parse('1995-01-01T00:00:00Z'), max: Date.parse('2030-01-01T00:00:00Z') });

  it('periods are half-open, without gaps, and every instant lies in exactly one', () => {
    fc.assert(
      fc.property(kinds, zones, instants, (kind, zone, instant) => {
        const label = periodAt(instant, kind, zone);
        const { start, end } = periodBounds(label, zone);
        expect(start <= instant && instant < end).toBe(true);
        expect(periodBounds(nextPeriod(label), zone).start).toBe(end);
        expect(formatPeriod({ kind, ordinal: periodFinder(kind, zone)(instant) })).toBe(label);
      }),
    );
  });

  it('before the start every local date is earlier, and at the start it is not', () => {
    fc.assert(
      fc.property(zones, instants, (zone, instant) => {
        const label = periodAt(instant, 'day', zone);
        const day = periodOf(label).ordinal;
        const { start } = periodBounds(label, zone);
        expect(localDate(start, zone)).toBeGreaterThanOrEqual(day);
        expect(localDate(start - 1, zone)).toBeLessThan(day);
      }),
    );
  });

  it('finds periods far outside of any program without failing', () => {
    expect(periodAt(Date.parse('0000-01-01T00:00:00Z'), 'month', 'America/Sao_Paulo')).toBe('-000001-12');
    expect(periodAt(Date.parse('9999-12-31T23:59:59Z'), 'month', 'Asia/Jakarta')).toBe('+010000-01');
  });

  it('refuses an unknown zone', () => {
    expect(() => periodBounds('2026-10', 'Mars/Base')).toThrow(expect.objectContaining({ code: 'bad-time-zone' }));
  });
});
