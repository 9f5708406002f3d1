import { expect, it } from 'vitest';
import { readableDate, readablePeriod, readableTime } from './time.ts';

it('shows an instant in the program’s zone and in UTC', () => {
  expect(readableTime('2026-11-02T00:00:05.000Z', 'Asia/Jakarta')).toEqual({
    date: '2 Nov 2026',
    time: '07:00:05',
    zone: 'GMT+7',
  });
  expect(readableTime('2026-12-31T23:59:59.999Z', 'UTC')).toEqual({
    date: '31 Dec 2026',
    time: '23:59:59',
    zone: 'UTC',
  });
});

it('keeps midnight at 00, not 24', () => {
  expect(readableTime('2026-10-31T17:00:00.000Z', 'Asia/Jakarta').time).toBe('00:00:00');
});

it('names dates and periods in words', () => {
  expect(readableDate('2026-10-31')).toBe('31 Oct 2026');
  expect(['2026-10', '2026-W03', '2026-10-05'].map(readablePeriod)).toEqual([
    'October 2026',
    'week 3 of 2026',
    '5 Oct 2026',
  ]);
});
