import { z } from 'zod';
import { pageQuerySchema } from '../../values/cursor.ts';
import { listFormatSchema, listOrderSchema } from '../../values/list-query.ts';
import { instantOutSchema } from '../../values/period.ts';
import { programSchema } from '../../values/slug.ts';
import { searchedPageOf, searchedSchema } from './lists.ts';

/** A batch: events that became durable together. A close sees it once it is sealed. */
export const batchOutSchema = z.object({
  batchId: z.string(),
  accepted: z.int(),
  duplicates: z.int(),
  conflicts: z.int(),
  receivedAt: instantOutSchema,
  sealedAt: instantOutSchema.nullable(),
  talliedAt: instantOutSchema.nullable(),
});

export const batchParamsSchema = z.object({ program: programSchema, batchId: z.string().min(1).max(64) });

/** Which batches: the same for the list, its totals and its files. */
export const batchesFilterSchema = z.object({
  state: z
    .enum(['all', 'untallied', 'tallied', 'conflicts'])
    .default('all')
    .describe('`conflicts`: those that had events which contradict recorded ones'),
});
const batchesOrder = { order: listOrderSchema.default('asc').describe('`desc`: the newest first') };
export const batchesQuerySchema = pageQuerySchema.extend({ ...batchesFilterSchema.shape, ...batchesOrder });
export const batchesPageSchema = searchedPageOf(batchOutSchema);
export const batchesFileQuerySchema = batchesFilterSchema.extend({ ...batchesOrder, format: listFormatSchema });

/** Sums over the newest batches of a filter. */
export const batchesTotalsSchema = z.object({
  count: z.int(),
  accepted: z.int(),
  duplicates: z.int(),
  conflicts: z.int(),
  searched: searchedSchema,
  isWhole: z.boolean().describe('false: older batches were not looked through'),
});

export type BatchOut = z.output<typeof batchOutSchema>;
export type BatchesFilter = z.output<typeof batchesFilterSchema>;
export type BatchesTotals = z.output<typeof batchesTotalsSchema>;
