import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { periodSchema } from '../values/period.ts';

/**
 * What came in for a creator in a period so far: events counted as they were sent. An estimate for live figures; a close
 * decides what counts.
 */
const tallyOutSchema = z.object({
  period: z.string(),
  creatorId: z.string(),
  likes: z.int(),
  unlikes: z.int(),
  follows: z.int(),
  unfollows: z.int(),
});

export const talliesQuerySchema = pageQuerySchema.extend({ period: periodSchema });
export const talliesPageSchema = pageOf(tallyOutSchema);
