import { PERIOD_KINDS, parsePeriod } from '@rewardbook/domain/values/period';
import { z } from 'zod';

/** Kinds of period. */
export const periodKindSchema = z.enum(PERIOD_KINDS);

/** A period's label in any of the three forms. Whether it fits a program's kind, its ledger says. */
export const periodSchema = z
  .string()
  .refine((label) => parsePeriod(label) !== undefined, {
    error: 'a period is a month (2026-10), an ISO week (2026-W43) or a day (2026-10-15)',
  })
  .meta({ examples: ['2026-10', '2026-W43', '2026-10-15'] });

/** A date of the calendar, `YYYY-MM-DD`, that exists. */
export const dateSchema = z.iso.date({ error: 'give a date that exists, as 2026-10-15' });

/** An instant in an answer: RFC 3339 in UTC, milliseconds. */
export const instantOutSchema = z.string().meta({ format: 'date-time', examples: ['2026-10-01T00:00:00.000Z'] });
