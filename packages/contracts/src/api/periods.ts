import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { instantOutSchema, periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

export const periodStatusSchema = z.enum(['open', 'closing', 'closed']);

export const periodParamsSchema = z.object({ program: programSchema, period: periodSchema });

/** `open → closing → closed`; the figures of a close are null until it is closed. */
export const periodOutSchema = z.object({
  period: z.string(),
  start: instantOutSchema,
  end: instantOutSchema,
  status: periodStatusSchema,
  revenue: amountOutSchema.describe('What a close uses, as in its result: what is booked and what is carried in'),
  revenueEntries: amountOutSchema.describe('Sum of what is booked for the period'),
  revenueCarriedIn: amountOutSchema
    .nullable()
    .describe('Negative revenue of the period before; null while that is not closed'),
  policyVersion: z.int().nullable(),
  pool: amountOutSchema.nullable(),
  allocated: amountOutSchema.nullable(),
  undistributed: amountOutSchema.nullable(),
  resultHash: z.string().nullable(),
  entryKey: z.string().nullable(),
  closedAt: instantOutSchema.nullable(),
  failure: z.string().nullable().describe('Why the last attempt to close it failed; it is tried again'),
});

export const periodsPageSchema = pageOf(periodOutSchema);
export const periodsQuerySchema = pageQuerySchema;

/** Query of `POST …/periods/:period/close`; a dry run answers with the result and changes nothing. */
export const closeQuerySchema = z.object({ dryRun: z.stringbool().default(false) });

/** Answer (202) of a close: poll the period until it is closed. */
export const closeAcceptedSchema = z.object({
  program: programSchema,
  period: z.string(),
  status: periodStatusSchema,
  poll: z.string().describe('Path to poll'),
});

/** Answer of taking back a close whose attempts fail: the period is open again. */
export const closeCancelledSchema = z.object({
  program: programSchema,
  period: z.string(),
  cancelled: z.boolean().describe('false: there was no close to take back'),
});

export type PeriodOut = z.output<typeof periodOutSchema>;
