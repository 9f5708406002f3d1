import { type PeriodBounds, type PeriodKind, type PeriodStarts, periodOf, startsInZone } from './period.ts';

/** A period whose close has begun, and the bounds that were fixed with it. */
export interface ClosedPeriod extends PeriodBounds {
  readonly period: string;
}

/**
 * The starts of a program's periods. What closes have fixed stays fixed: a later edition of the time zone database may
 * move the end of a period that is closed already, and the next period still starts where that one ended, so that no
 * instant lies between two closes or in both. Only periods that are not closed follow the new rules.
 *
 * @param closed periods without gaps, in any order; of those before the first and after the last the zone decides
 */
export function startsWithClosed(kind: PeriodKind, zone: string, closed: Iterable<ClosedPeriod>): PeriodStarts {
  const byZone = startsInZone(kind, zone);
  const fixed = new Map<number, number>();
  let first = { ordinal: Number.POSITIVE_INFINITY, start: 0 };
  let next = { ordinal: Number.NEGATIVE_INFINITY, start: 0 };
  for (const { period, start, end } of closed) {
    const { ordinal } = periodOf(period);
    fixed.set(ordinal, start);
    if (ordinal < first.ordinal) {
      first = { ordinal, start };
    }
    if (ordinal >= next.ordinal) {
      next = { ordinal: ordinal + 1, start: end };
    }
  }
  if (fixed.size > 0) {
    fixed.set(next.ordinal, next.start);
  }
  return (ordinal) => {
    const start = fixed.get(ordinal);
    if (start !== undefined) {
      return start;
    }
    if (ordinal > next.ordinal && fixed.size > 0) {
      return Math.max(byZone(ordinal), next.start);
    }
    return ordinal < first.ordinal && fixed.size > 0 ? Math.min(byZone(ordinal), first.start) : byZone(ordinal);
  };
}

/** When a period starts and ends, by the starts of all. Throws DomainError `bad-period`. */
export function boundsBy(startOf: PeriodStarts, label: string): PeriodBounds {
  const { ordinal } = periodOf(label);
  return { start: startOf(ordinal), end: startOf(ordinal + 1) };
}
