import { type EngagementEvent, EVENT_TYPES } from '@rewardbook/domain/events/event';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { z } from 'zod';
import { pageQuerySchema } from '../../values/cursor.ts';
import { identifierSchema } from '../../values/identifier.ts';
import { listFormatSchema, listOrderSchema } from '../../values/list-query.ts';
import { batchIdSchema, searchedPageOf, searchedSchema } from './lists.ts';

/** No more refused events than this are listed in an answer; the counts are of all. */
export const MAX_REFUSED_LISTED = 1000;

/** Why one event of a request was refused; `index` counts from 0 over the events of the request. */
export const refusedLineSchema = z.object({
  index: z.int(),
  id: z.string().nullable(),
  code: z.string(),
  message: z.string(),
});

/**
 * Answer of `POST …/events`, given when the events are durable. accepted + duplicates + conflicts + rejected = received;
 * conflicts and rejected ones are listed in `refused`.
 */
export const ingestedSchema = z
  .object({
    received: z.int(),
    accepted: z.int(),
    duplicates: z.int(),
    conflicts: z.int(),
    rejected: z.int(),
    batches: z.array(z.string()).describe('Ids of the batches that the events went into'),
    refused: z.array(refusedLineSchema).max(MAX_REFUSED_LISTED),
  })
  .meta({ id: 'Ingested' });

/** An event as stored. */
export const eventOutSchema = z.object({
  id: z.string(),
  source: z.string(),
  type: z.enum(EVENT_TYPES),
  viewerId: z.string(),
  creatorId: z.string(),
  contentId: z.string().optional(),
  occurredAt: z.string().meta({ format: 'date-time' }),
});

/** Which events: the same for the list, its totals and its files. */
export const eventsFilterSchema = z.object({
  id: identifierSchema.optional().describe('Events of this id; found at once, in whatever order'),
  viewerId: identifierSchema.optional(),
  creatorId: identifierSchema.optional(),
  type: z.enum(EVENT_TYPES).optional(),
  occurredFrom: z.iso.datetime({ offset: true }).optional().describe('Not before this instant'),
  occurredUntil: z.iso.datetime({ offset: true }).optional().describe('Before this instant'),
  batchId: batchIdSchema.optional().describe('Events of this batch; found at once'),
});

/** `received` is by batch, within one by id. */
const eventsOrder = {
  sort: z.enum(['id', 'received']).default('id'),
  order: listOrderSchema.default('asc'),
};

export const eventsQuerySchema = pageQuerySchema.extend({ ...eventsFilterSchema.shape, ...eventsOrder });
export const eventsPageSchema = searchedPageOf(eventOutSchema);
export const eventsFileQuerySchema = eventsFilterSchema.extend({ ...eventsOrder, format: listFormatSchema });

/** How many events a filter leaves, of the newest that were looked through. */
export const eventsTotalsSchema = z.object({
  count: z.int(),
  searched: searchedSchema,
  isWhole: z.boolean().describe('false: older events were not looked through'),
});

/** A stored event in the form in which events are sent. */
export function toEventOut(event: EngagementEvent): EventOut {
  const { id, source, type, viewerId, creatorId, contentId, occurredAt } = event;
  return {
    id,
    source,
    type,
    viewerId,
    creatorId,
    ...(contentId === '' ? {} : { contentId }),
    occurredAt: formatInstant(occurredAt),
  };
}

export type RefusedLine = z.output<typeof refusedLineSchema>;
export type Ingested = z.output<typeof ingestedSchema>;
export type EventsFilter = z.output<typeof eventsFilterSchema>;
export type EventOut = z.output<typeof eventOutSchema>;
