import { z } from 'zod';
import { amountOut } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { instantOut, periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

export const periodStatusSchema = z.enum(['open', 'closing', 'closed']);

export const periodParamsSchema = z.object({ program: programSchema, period: periodSchema });

/** `open → closing → closed`; the figures of a close are null until it is closed. */
export const periodOut = z.object({
  period: z.string(),
  start: instantOut,
  end: instantOut,
  status: periodStatusSchema,
  revenue: amountOut.describe('What a close uses, as in its result: what is booked and what is carried in'),
  revenueEntries: amountOut.describe('Sum of what is booked for the period'),
  revenueCarriedIn: amountOut
    .nullable()
    .describe('Negative revenue of the period before; null while that is not closed'),
  policyVersion: z.int().nullable(),
  pool: amountOut.nullable(),
  allocated: amountOut.nullable(),
  undistributed: amountOut.nullable(),
  resultHash: z.string().nullable(),
  entryKey: z.string().nullable(),
  closedAt: instantOut.nullable(),
  failure: z.string().nullable().describe('Why the last attempt to close it failed; it is tried again'),
});

export const periodsPageSchema = pageOf(periodOut);
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

export type PeriodOut = z.output<typeof periodOut>;
export type CloseAccepted = z.output<typeof closeAcceptedSchema>;
