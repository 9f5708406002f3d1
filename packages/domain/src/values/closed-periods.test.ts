import { describe, expect, it } from 'vitest';
import { boundsBy, startsWithClosed } from './closed-periods.ts';
import { periodBounds, periodFinder, periodOf } from './period.ts';

const ZONE = 'Asia/Jakarta';
const HOUR_MS = 3_600_000;

describe('startsWithClosed', () => {
  it('is the zone where nothing is closed', () => {
    const startOf = startsWithClosed('month', ZONE, []);
    expect(boundsBy(startOf, '2026-10')).toEqual(periodBounds('2026-10', ZONE));
  });

  it.each([HOUR_MS, -HOUR_MS])('keeps what was closed, and begins where it ended, %d ms off', (shift) => {
    const zoned = periodBounds('2026-10', ZONE);
    const closed = [{ period: '2026-10', start: zoned.start + shift, end: zoned.end + shift }];
    const startOf = startsWithClosed('month', ZONE, closed);
    expect(boundsBy(startOf, '2026-10')).toEqual({ start: zoned.start + shift, end: zoned.end + shift });
    expect(boundsBy(startOf, '2026-09').end).toBe(zoned.start + shift);
    expect(boundsBy(startOf, '2026-11')).toEqual({ start: zoned.end + shift, end: periodBounds('2026-11', ZONE).end });
    const find = periodFinder('month', ZONE, startOf);
    expect(find(zoned.end + shift - 1)).toBe(periodOf('2026-10').ordinal);
    expect(find(zoned.end + shift)).toBe(periodOf('2026-11').ordinal);
  });

  it('lets no period end before it starts: a day that new rules take away is empty', () => {
    const closed = [{ period: '2026-10-15', start: 0, end: periodBounds('2026-10-18', ZONE).start }];
    const startOf = startsWithClosed('day', ZONE, closed);
    const { start, end } = boundsBy(startOf, '2026-10-16');
    expect(end).toBe(start);
    expect(boundsBy(startOf, '2026-10-18').start).toBe(start);
    expect(boundsBy(startOf, '2026-10-19')).toEqual(periodBounds('2026-10-19', ZONE));
  });
});
