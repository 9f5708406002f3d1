/** An instant as a person reads it in a zone. */
export interface ReadableTime {
  /** "2 Nov 2026" */
  readonly date: string;
  /** "07:00:05" */
  readonly time: string;
  /** "GMT+7", "UTC" */
  readonly zone: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param instant RFC 3339 */
export function readableTime(instant: string, timeZone: string): ReadableTime {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    date: `${of('day')} ${of('month')} ${of('year')}`,
    time: `${of('hour')}:${of('minute')}:${of('second')}`,
    zone: of('timeZoneName'),
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** A date of the calendar: "2026-10-31" is "31 Oct 2026". */
export function readableDate(date: string): string {
  const { date: text } = readableTime(`${date}T00:00:00Z`, 'UTC');
  return text;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A period's label in words: "2026-10" is "October 2026", "2026-W43" is "week 43 of 2026". */
export function readablePeriod(label: string): string {
  const week = /^(\d{4})-W(\d{2})$/.exec(label);
  if (week !== null) {
    return `week ${Number(week[2])} of ${week[1]}`;
  }
  const [year, month, day] = label.split('-');
  if (day !== undefined) {
    return readableDate(label);
  }
  return `${MONTHS[Number(month) - 1] ?? month} ${year}`;
}
