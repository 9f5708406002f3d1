import { InvalidArgumentError } from '@commander-js/extra-typings';
import { parseDate } from '@rewardbook/domain/values/calendar';

/** A date that exists, kept as text. */
export function readDate(text: string): string {
  if (parseDate(text) === undefined) {
    throw new InvalidArgumentError('Give a date, as 2026-10-31.');
  }
  return text;
}
