import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { instantOut } from '../values/period.ts';

/** A refused event, kept for inspection. A conflict has the contents that came second; the first stand. */
export const refusedEventOut = z.object({
  index: z.int(),
  id: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  event: z.string().nullable().describe('What was sent, as text, cut where it was long'),
  receivedAt: instantOut,
});

export const refusedEventsQuerySchema = pageQuerySchema.extend({ code: z.string().max(64).optional() });
export const refusedEventsPageSchema = pageOf(refusedEventOut);

export type RefusedEventOut = z.output<typeof refusedEventOut>;
