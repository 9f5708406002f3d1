import { parseInstant } from '@rewardbook/domain/values/instant';
import { z } from 'zod';
import { dateSchema } from './period.ts';

const instantSchema = z.string().refine((text) => parseInstant(text) !== undefined, {
  error: 'give an instant as RFC 3339 writes it, as 2026-11-01T00:00:00Z',
});

/** The point in time of a balance: what was posted until then, what is effective until then, or both. */
export const pointInTimeSchema = z.object({
  asOf: instantSchema.optional().describe('Only what had been posted at this instant'),
  effective: dateSchema.optional().describe('Only what is effective on this date or before'),
});

export type PointInTime = z.output<typeof pointInTimeSchema>;
