import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../../values/cursor.ts';
import { instantOutSchema } from '../../values/period.ts';

/** A refused event, kept for inspection. A conflict has the contents that came second; the first ones count. */
export const refusedEventOutSchema = z.object({
  index: z.int(),
  id: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  event: z.string().nullable().describe('What was sent, as text, cut where it was long'),
  receivedAt: instantOutSchema,
});

export const refusedEventsQuerySchema = pageQuerySchema.extend({ code: z.string().max(64).optional() });
export const refusedEventsPageSchema = pageOf(refusedEventOutSchema);

export type RefusedEventOut = z.output<typeof refusedEventOutSchema>;
