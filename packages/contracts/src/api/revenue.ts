import { z } from 'zod';
import { amountOutSchema, amountSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { instantOutSchema, periodSchema } from '../values/period.ts';

// A reference is up to 128 code points without control characters and lone surrogates.
const ENTRY_KEY = /^revenue:[^\p{Cc}\p{Surrogate}]{1,128}$/u;

/** Body of `POST …/revenue`. The reference makes it idempotent: the same again has no effect, other contents are a conflict. */
export const revenueBodySchema = z
  .strictObject({
    period: periodSchema,
    amount: amountSchema.describe('Major units in quotes; negative for a correction; "0.00": there was no revenue'),
    reference: identifierSchema,
    corrects: z
      .string()
      .regex(ENTRY_KEY, { error: 'give the key of a revenue entry, as revenue:<reference>' })
      .optional()
      .describe('Key of the revenue entry that this one corrects, as revenue:<reference>'),
  })
  .meta({ id: 'Revenue' });

export const revenueOutSchema = z.object({
  period: z.string(),
  amount: amountOutSchema,
  currency: z.string(),
  reference: z.string(),
  corrects: z.string().nullable(),
  entryKey: z.string(),
  bookedAt: instantOutSchema,
});

/** Answer of a booking; `repeated` where it had been booked before. */
export const revenueBookedSchema = revenueOutSchema.extend({ repeated: z.boolean() });

export const revenueQuerySchema = pageQuerySchema.extend({ period: periodSchema.optional() });
export const revenuePageSchema = pageOf(revenueOutSchema);

export type RevenueBody = z.output<typeof revenueBodySchema>;
export type RevenueOut = z.output<typeof revenueOutSchema>;
