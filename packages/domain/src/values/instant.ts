import { daysInMonth, epochDay, MS_PER_DAY } from './calendar.ts';

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const EARLIEST = epochDay(0, 1, 1) * MS_PER_DAY;
const AFTER_LATEST = epochDay(10_000, 1, 1) * MS_PER_DAY;

/**
 * Epoch milliseconds of a strict RFC 3339 date and time with an offset: a real calendar date, no 24:00, no leap second;
 * digits after the millisecond are cut off. `T` and `Z` may be lower case (RFC 3339, 5.6). Undefined for anything else,
 * and if the offset takes the instant out of the years 0000–9999 in UTC, so that it could no longer be written.
 */
export function parseInstant(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (!match) {
    return undefined;
  }
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6]);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return undefined;
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const fraction = match[7];
  const millisecond = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  let offsetMinutes = 0;
  if (match[8] !== undefined) {
    const offsetHour = Number(match[9]);
    const offsetMinute = Number(match[10]);
    if (offsetHour > 23 || offsetMinute > 59) {
      return undefined;
    }
    offsetMinutes = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -1 : 1);
  }
  const minutes = hour * 60 + minute - offsetMinutes;
  const instant = epochDay(year, month, day) * MS_PER_DAY + minutes * 60_000 + second * 1000 + millisecond;
  return instant >= EARLIEST && instant < AFTER_LATEST ? instant : undefined;
}

/** An instant in UTC to the millisecond: `2026-10-01T00:00:00.000Z`. */
export function formatInstant(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString();
}
