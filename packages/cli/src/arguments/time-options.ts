import { parseDate } from '@rewardbook/domain/values/calendar';
import { InvalidArgumentError } from 'commander';

/** A date that exists, kept as text. */
export function readDate(text: string): string {
  if (parseDate(text) === undefined) {
    throw new InvalidArgumentError('Give a date, as 2026-10-31.');
  }
  return text;
}
