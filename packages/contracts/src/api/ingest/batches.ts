import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../../values/cursor.ts';
import { instantOutSchema } from '../../values/period.ts';
import { programSchema } from '../../values/slug.ts';

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
export const batchesQuerySchema = pageQuerySchema.extend({
  state: z.enum(['all', 'untallied']).default('all'),
});
export const batchesPageSchema = pageOf(batchOutSchema);

export type BatchOut = z.output<typeof batchOutSchema>;
