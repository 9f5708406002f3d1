import { dateOfEpochDay, epochDay, formatDate, formatYear, MS_PER_DAY, parseDate, twoDigits } from './calendar.ts';
import { DomainError } from './error.ts';
import { startOfDate } from './time-zone.ts';

export const PERIOD_KINDS = ['month', 'week', 'day'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** Half-open `[start, end)` in epoch milliseconds; both are equal for a day that the zone skipped. */
export interface PeriodBounds {
  readonly start: number;
  readonly end: number;
}

/**
 * A period as its kind and its number: months since January 0000, weeks since the one with 1970-01-01, days since 1970-01-01.
 * Consecutive periods have consecutive numbers.
 */
export interface Period {
  readonly kind: PeriodKind;
  readonly ordinal: number;
}

/** Reads a label: `2026-10`, `2026-W43` (ISO 8601: years of 52 or 53 weeks) or `2026-10-15`; undefined if it is not one. */
export function parsePeriod(label: string): Period | undefined {
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(label);
  if (month) {
    return { kind: 'month', ordinal: Number(month[1]) * 12 + Number(month[2]) - 1 };
  }
  const week = /^(\d{4})-W(\d{2})$/.exec(label);
  if (week) {
    const ordinal = firstWeekOf(Number(week[1])) + Number(week[2]) - 1;
    return formatPeriod({ kind: 'week', ordinal }) === label ? { kind: 'week', ordinal } : undefined;
  }
  const day = parseDate(label);
  return day === undefined ? undefined : { kind: 'day', ordinal: day };
}

/** The label of a period. */
export function formatPeriod({ kind, ordinal }: Period): string {
  switch (kind) {
    case 'month':
      return `${formatYear(Math.floor(ordinal / 12))}-${twoDigits((((ordinal % 12) + 12) % 12) + 1)}`;
    case 'week': {
      // ISO 8601: a week belongs to the year of its Thursday.
      const { year } = dateOfEpochDay(ordinal * 7);
      return `${formatYear(year)}-W${twoDigits(ordinal - firstWeekOf(year) + 1)}`;
    }
    case 'day':
      return formatDate(ordinal);
  }
}

/** `parsePeriod` for labels that must be valid. Throws DomainError `bad-period`. */
export function periodOf(label: string): Period {
  const period = parsePeriod(label);
  if (!period) {
    throw new DomainError('bad-period', `"${label}" is not a period: write 2026-10, 2026-W43 or 2026-10-15`);
  }
  return period;
}

const EXAMPLES: Readonly<Record<PeriodKind, string>> = { month: '2026-10', week: '2026-W43', day: '2026-10-15' };

/** Throws DomainError `bad-period` for labels that are no period of a program, whose periods are all of one kind. */
export function assertPeriodOf({ periodKind }: { readonly periodKind: PeriodKind }, label: string): void {
  if (parsePeriod(label)?.kind !== periodKind) {
    throw new DomainError(
      'bad-period',
      `"${label}" is not a period of this program, whose periods are ${periodKind}s, such as ${EXAMPLES[periodKind]}`,
    );
  }
}

/** When a period starts and ends in a zone. Throws DomainError `bad-period` or `bad-time-zone`. */
export function periodBounds(label: string, zone: string): PeriodBounds {
  return boundsOf(periodOf(label), zone);
}

/**
 * `periodBounds` for a period by its number, also for periods whose label is not accepted as input: events go back to
 * the year 0000.
 */
export function boundsOf({ kind, ordinal }: Period, zone: string): PeriodBounds {
  return {
    start: startOfDate(firstDay(kind, ordinal), zone),
    end: startOfDate(firstDay(kind, ordinal + 1), zone),
  };
}

/** Label of the period that an instant lies in. For many instants, `periodFinder`. */
export function periodAt(epochMilliseconds: number, kind: PeriodKind, zone: string): string {
  return formatPeriod({ kind, ordinal: periodFinder(kind, zone)(epochMilliseconds) });
}

/** When periods of a kind start (epoch milliseconds), by their number; each ends where the next one starts. */
export type PeriodStarts = (ordinal: number) => number;

/** The starts that a zone's rules give, each worked out once. */
export function startsInZone(kind: PeriodKind, zone: string): PeriodStarts {
  const starts = new Map<number, number>();
  return (ordinal) => {
    let start = starts.get(ordinal);
    if (start === undefined) {
      start = startOfDate(firstDay(kind, ordinal), zone);
      starts.set(ordinal, start);
    }
    return start;
  };
}

/** A function from instants (epoch milliseconds) to period ordinals. */
export function periodFinder(
  kind: PeriodKind,
  zone: string,
  startOf: PeriodStarts = startsInZone(kind, zone),
): (epochMilliseconds: number) => number {
  // Instants mostly come with those of the same period.
  const last = { ordinal: 0, start: 0, end: 0 };
  return (epochMilliseconds) => {
    if (epochMilliseconds >= last.start && epochMilliseconds < last.end) {
      return last.ordinal;
    }
    // The period in UTC is at most one or two away; the bounds alone decide, so that periods are half-open and disjoint
    // even where clocks go back over midnight and a local date comes twice.
    let ordinal = ordinalOfDay(kind, Math.floor(epochMilliseconds / MS_PER_DAY));
    while (epochMilliseconds < startOf(ordinal)) {
      ordinal -= 1;
    }
    while (epochMilliseconds >= startOf(ordinal + 1)) {
      ordinal += 1;
    }
    last.ordinal = ordinal;
    last.start = startOf(ordinal);
    last.end = startOf(ordinal + 1);
    return ordinal;
  };
}

export function nextPeriod(label: string): string {
  const { kind, ordinal } = periodOf(label);
  return formatPeriod({ kind, ordinal: ordinal + 1 });
}

export function previousPeriod(label: string): string {
  const { kind, ordinal } = periodOf(label);
  return formatPeriod({ kind, ordinal: ordinal - 1 });
}

/** Negative, zero or positive, in time order. Throws DomainError `bad-period` for periods of different kinds. */
export function comparePeriods(a: string, b: string): number {
  const [periodA, periodB] = [periodOf(a), periodOf(b)];
  if (periodA.kind !== periodB.kind) {
    throw new DomainError(
      'bad-period',
      `${a} is a ${periodA.kind} and ${b} a ${periodB.kind}: they cannot be compared`,
    );
  }
  return periodA.ordinal - periodB.ordinal;
}

/** The period that a date (`YYYY-MM-DD`) lies in. Throws DomainError `bad-period` for what is not a date. */
export function periodOfDate(kind: PeriodKind, date: string): Period {
  return { kind, ordinal: ordinalOfDay(kind, periodOf(date).ordinal) };
}

/** First date of a period, `YYYY-MM-DD`. */
export function firstDate(label: string): string {
  const { kind, ordinal } = periodOf(label);
  return formatDate(firstDay(kind, ordinal));
}

/** Last date of a period, `YYYY-MM-DD`: the effective date of its close. */
export function lastDate(label: string): string {
  const { kind, ordinal } = periodOf(label);
  return formatDate(firstDay(kind, ordinal + 1) - 1);
}

function firstDay(kind: PeriodKind, ordinal: number): number {
  switch (kind) {
    case 'month':
      return epochDay(Math.floor(ordinal / 12), (((ordinal % 12) + 12) % 12) + 1, 1);
    case 'week':
      // 1970-01-01 was a Thursday: its week began three days before.
      return ordinal * 7 - 3;
    case 'day':
      return ordinal;
  }
}

function ordinalOfDay(kind: PeriodKind, day: number): number {
  if (kind === 'day') {
    return day;
  }
  if (kind === 'week') {
    return Math.floor((day + 3) / 7);
  }
  const { year, month } = dateOfEpochDay(day);
  return year * 12 + month - 1;
}

/** ISO 8601: the first week of a year is the one with 4 January. */
function firstWeekOf(year: number): number {
  return Math.floor((epochDay(year, 1, 4) + 3) / 7);
}
