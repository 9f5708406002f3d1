import { z } from 'zod';
import { pageQuerySchema } from '../../values/cursor.ts';
import { identifierSchema } from '../../values/identifier.ts';
import { listFormatSchema, listOrderSchema } from '../../values/list-query.ts';
import { instantOutSchema } from '../../values/period.ts';
import { searchedPageOf, searchedSchema } from './lists.ts';

/** A refused event, kept for inspection. A conflict has the contents that came second; the first ones count. */
export const refusedEventOutSchema = z.object({
  refusal: z.string().describe('Its number'),
  index: z.int(),
  id: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  event: z.string().nullable().describe('What was sent, as text, cut where it was long'),
  receivedAt: instantOutSchema,
});

/** Which refused events: the same for the list, its totals and its files. */
export const refusedEventsFilterSchema = z.object({
  code: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, { error: 'a code has small letters and hyphens' })
    .optional(),
  id: identifierSchema.optional().describe('Of the event'),
  viewerId: identifierSchema.optional().describe('What was sent names this viewer, as `"viewerId": "…"`'),
  creatorId: identifierSchema.optional().describe('What was sent names this creator, as `"creatorId": "…"`'),
  search: z
    .string()
    .regex(/^[^\p{Cc}\p{Surrogate}]{1,256}$/u, { error: 'give 1 to 256 characters' })
    .optional()
    .describe('The id, the message or what was sent contains this'),
});
const refusedOrder = { order: listOrderSchema.default('asc').describe('`desc`: the newest first') };
export const refusedEventsQuerySchema = pageQuerySchema.extend({ ...refusedEventsFilterSchema.shape, ...refusedOrder });
export const refusedEventsPageSchema = searchedPageOf(refusedEventOutSchema);
export const refusedEventsFileQuerySchema = refusedEventsFilterSchema.extend({
  ...refusedOrder,
  format: listFormatSchema,
});

/** How many of the newest kept refused events a filter leaves, by code. */
export const refusedEventsTotalsSchema = z.object({
  count: z.int(),
  codes: z.array(z.object({ code: z.string(), count: z.int() })).describe('The most frequent first'),
  searched: searchedSchema,
  isWhole: z.boolean().describe('false: older ones were not looked through'),
});

export type RefusedEventsFilter = z.output<typeof refusedEventsFilterSchema>;
export type RefusedEventsTotals = z.output<typeof refusedEventsTotalsSchema>;
export type RefusedEventOut = z.output<typeof refusedEventOutSchema>;
