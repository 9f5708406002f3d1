import { WAITING_REASONS } from '@rewardbook/domain/payouts/payout';
import { z } from 'zod';
import { amountOutSchema, amountSchema } from '../values/amounts.ts';
import { pageQuerySchema } from '../values/cursor.ts';
import { findShape, fromSchema, sortShape } from '../values/list-query.ts';

/** What the payouts of a run can be sorted by. */
export const PAYOUT_SORTS = ['creator', 'net', 'available'] as const;

/** Which payouts of a run: the same for the list, its totals and its files. Amounts are in major units, both ends included. */
export const payoutFilterSchema = z.object({
  status: z.enum(['due', 'waiting', 'returned']).optional(),
  reason: z.enum(WAITING_REASONS).optional().describe('Why it waits'),
  ...findShape,
  netFrom: amountSchema.optional(),
  netTo: amountSchema.optional(),
  availableFrom: amountSchema.optional(),
  availableTo: amountSchema.optional(),
});

export const payoutsQuerySchema = pageQuerySchema.extend({
  ...payoutFilterSchema.shape,
  ...sortShape(PAYOUT_SORTS),
  from: fromSchema,
});

/** Sums of the columns of all payouts that a filter leaves, exact; those who wait are in them. */
export const payoutTotalsSchema = z.object({
  count: z.int(),
  available: amountOutSchema,
  gross: amountOutSchema,
  withheld: amountOutSchema,
  net: amountOutSchema,
});
