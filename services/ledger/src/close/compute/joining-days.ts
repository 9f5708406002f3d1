import { parseDate } from '@rewardbook/domain/values/calendar';
import { startOfDate } from '@rewardbook/domain/values/time-zone';

/** Days of joining with the instants (epoch milliseconds) at which they start in the program's zone. */
export function startsOfDays(days: readonly string[], timeZone: string): { day: string; start: number }[] {
  return days.map((day) => {
    const date = parseDate(day);
    if (date === undefined) {
      throw new Error(`the registry has a day of joining that is no date: ${day}`);
    }
    return { day, start: startOfDate(date, timeZone) };
  });
}
