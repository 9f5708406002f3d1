import type { Scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
// 1970-01-01 was a Thursday; weeks here start on Monday.
const EPOCH_WEEKDAY = 3;

/** How many events each hour from the start gets. */
export interface Rhythm {
  readonly startMs: number;
  readonly hourMs: number;
  readonly eventsOfHour: Uint32Array;
}

/** Spreads events over the hours from `startMs` (a local midnight) to `endMs` by the scenario's day and week; exact in sum. */
export function rhythmOf(scenario: Scenario, startMs: number, endMs: number, events: number): Rhythm {
  const hours = Math.ceil((endMs - startMs) / HOUR_MS);
  // Local noon has the same date in UTC, for offsets up to 12 hours.
  const firstWeekday = Math.floor((startMs + DAY_MS / 2) / DAY_MS) + EPOCH_WEEKDAY;
  const growth = (scenario.growthFactor ?? 1) - 1;
  const activity = (hour: number) =>
    (1 + (growth * hour) / hours) *
    (scenario.activityByHour[hour % 24] ?? 0) *
    (scenario.activityByWeekday[(firstWeekday + Math.floor(hour / 24)) % 7] ?? 0);
  let total = 0;
  for (let hour = 0; hour < hours; hour++) {
    total += activity(hour);
  }
  const eventsOfHour = new Uint32Array(hours);
  let passed = 0;
  let given = 0;
  for (let hour = 0; hour < hours; hour++) {
    passed += activity(hour);
    const until = hour === hours - 1 ? events : Math.floor((events * passed) / total);
    eventsOfHour[hour] = until - given;
    given = until;
  }
  return { startMs, hourMs: HOUR_MS, eventsOfHour };
}
