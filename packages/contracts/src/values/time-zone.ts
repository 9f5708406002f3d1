import { isTimeZone } from '@rewardbook/domain/values/time-zone';
import { z } from 'zod';

/** An IANA time zone that this machine knows, in its usual spelling. */
export const timeZoneSchema = z
  .string({ error: 'give a time zone of the IANA database, as Asia/Jakarta' })
  .refine(isTimeZone, {
    error: (issue) => `"${String(issue.input).slice(0, 60)}" is not a time zone of the IANA database, as Asia/Jakarta`,
  })
  .meta({ examples: ['Asia/Jakarta'] });
