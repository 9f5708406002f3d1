import { setImmediate } from 'node:timers/promises';
import { MS_PER_DAY } from '@rewardbook/domain/values/calendar';
import {
  formatPeriod,
  type PeriodKind,
  type PeriodStarts,
  periodFinder,
  startsInZone,
} from '@rewardbook/domain/values/period';

/** Consecutive stretches of time: `labels[i]` is the period from `bounds[i]` (epoch milliseconds) to the next bound. */
export interface PeriodWindows {
  readonly bounds: number[];
  readonly labels: string[];
}

interface Zone {
  readonly periodKind: PeriodKind;
  readonly timeZone: string;
  /** Where closes have fixed some; left out, the zone's rules decide about all. */
  readonly startOf?: PeriodStarts;
}

// Some ten milliseconds: a day costs some tens of microseconds, and events may lie on hundreds of thousands of days.
const DAYS_WITHOUT_PAUSE = 200;

/**
 * The periods of a program that UTC days (since 1970-01-01) touch, in order. Between two that are not neighbours is the
 * label of the first: nothing that is asked about lies there. Lets others go on while it works.
 */
export async function windowsOfDays(zone: Zone, days: Iterable<number>): Promise<PeriodWindows> {
  const { periodKind, timeZone, startOf = startsInZone(periodKind, timeZone) } = zone;
  const ordinalOf = periodFinder(periodKind, timeZone, startOf);
  const ordinals = new Set<number>();
  let sincePause = 0;
  const pause = async (): Promise<void> => {
    sincePause = 0;
    await setImmediate();
  };
  for (const day of days) {
    if (++sincePause === DAYS_WITHOUT_PAUSE) {
      await pause();
    }
    const last = ordinalOf((day + 1) * MS_PER_DAY - 1);
    for (let ordinal = ordinalOf(day * MS_PER_DAY); ordinal <= last; ordinal += 1) {
      ordinals.add(ordinal);
    }
  }
  const windows: PeriodWindows = { bounds: [], labels: [] };
  let end = Number.NEGATIVE_INFINITY;
  for (const ordinal of [...ordinals].sort((a, b) => a - b)) {
    if (++sincePause === DAYS_WITHOUT_PAUSE) {
      await pause();
    }
    const label = formatPeriod({ kind: periodKind, ordinal });
    const bounds = { start: startOf(ordinal), end: startOf(ordinal + 1) };
    if (windows.bounds.length > 0 && bounds.start > end) {
      push(windows, end, windows.labels.at(-1) ?? label);
    }
    // A day that the zone skipped has no instants, and its bound is that of the next day.
    if (bounds.start < bounds.end) {
      push(windows, bounds.start, label);
    }
    end = bounds.end;
  }
  if (windows.bounds.length > 0) {
    push(windows, end, windows.labels.at(-1) ?? '');
  }
  return windows;
}

/** The windows of all days between two instants. */
export function windowsBetween(zone: Zone, from: number, to: number): Promise<PeriodWindows> {
  const days: number[] = [];
  for (let day = Math.floor(from / MS_PER_DAY); day * MS_PER_DAY <= to; day += 1) {
    days.push(day);
  }
  return windowsOfDays(zone, days);
}

function push({ bounds, labels }: PeriodWindows, bound: number, label: string): void {
  bounds.push(bound);
  labels.push(label);
}
