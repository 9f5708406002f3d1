import { Temporal } from 'temporal-polyfill';
import { formatDate, parseDate } from './calendar.ts';
import { DomainError } from './error.ts';

/** Whether a name is an IANA time zone in its usual spelling: `Asia/Jakarta`, `UTC`; not `asia/jakarta`, not `+07:00`. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) {
    return false;
  }
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId === zone;
  } catch (error) {
    if (error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}

/**
 * The first instant (epoch milliseconds) whose local date in the zone is this date (days since 1970-01-01) or later, also
 * where midnight or the whole day is skipped, and the first of two where clocks go back over midnight.
 */
export function startOfDate(days: number, zone: string): number {
  return Temporal.PlainDate.from(formatDate(days)).toZonedDateTime(checked(zone)).epochMilliseconds;
}

/** The local date (days since 1970-01-01) of an instant. */
export function localDate(epochMilliseconds: number, zone: string): number {
  const date = Temporal.Instant.fromEpochMilliseconds(epochMilliseconds)
    .toZonedDateTimeISO(checked(zone))
    .toPlainDate();
  return parseDate(date.toString()) ?? outOfRange(date.toString());
}

function checked(zone: string): string {
  if (!isTimeZone(zone)) {
    throw new DomainError('bad-time-zone', `"${zone}" is not a time zone: use an IANA name such as Asia/Jakarta`);
  }
  return zone;
}

function outOfRange(date: string): never {
  throw new DomainError('bad-period', `The date ${date} is out of range: dates go from 0000-01-01 to 9999-12-31`);
}
