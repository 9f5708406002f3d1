import { parseDate } from '@rewardbook/domain/calendar';
import { parseInstant } from '@rewardbook/domain/instant';
import { InvalidArgumentError } from 'commander';

/** An instant with an offset, kept as text. */
export function readInstant(text: string): string {
  if (parseInstant(text) === undefined) throw new InvalidArgumentError('Give an instant, as 2026-11-05T00:00:00Z.');
  return text;
}

/** A date that exists, kept as text. */
export function readDate(text: string): string {
  if (parseDate(text) === undefined) throw new InvalidArgumentError('Give a date, as 2026-10-31.');
  return text;
}
