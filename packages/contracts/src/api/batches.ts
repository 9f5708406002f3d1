import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { instantOut } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

/** A batch: events that became durable together. A close sees it once it is sealed. */
export const batchOut = z.object({
  batchId: z.string(),
  accepted: z.int(),
  duplicates: z.int(),
  conflicts: z.int(),
  receivedAt: instantOut,
  sealedAt: instantOut.nullable(),
  talliedAt: instantOut.nullable(),
});

export const batchParamsSchema = z.object({ program: programSchema, batchId: z.string().min(1).max(64) });
export const batchesQuerySchema = pageQuerySchema.extend({
  state: z.enum(['all', 'untallied']).default('all'),
});
export const batchesPageSchema = pageOf(batchOut);

export type BatchOut = z.output<typeof batchOut>;
