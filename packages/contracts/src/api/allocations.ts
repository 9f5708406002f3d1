import { z } from 'zod';
import { amountOutSchema, amountSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { decimalOutSchema } from '../values/decimal.ts';
import { findShape, fromSchema, sortShape } from '../values/list-query.ts';
import { allocationOutSchema } from './result.ts';

/** What the allocations of a period can be sorted by. */
export const ALLOCATION_SORTS = ['creator', 'amount', 'points'] as const;

/** Creators of a close by what it gave them: something or nothing; points for nothing; points that a later close counts. */
export const ALLOCATION_KINDS = ['paid', 'unpaid', 'void', 'carried'] as const;

/** Which allocations of a period: the same for the list, its totals and its files. */
export const allocationFilterSchema = z.object({
  only: z
    .enum(ALLOCATION_KINDS)
    .optional()
    .describe(
      '`paid`: given an amount; `unpaid`: none; `void`: points used up for nothing; `carried`: points carried out',
    ),
  ...findShape,
  amountFrom: amountSchema.optional(),
  amountTo: amountSchema.optional(),
});

export const allocationsQuerySchema = pageQuerySchema.extend({
  ...allocationFilterSchema.shape,
  ...sortShape(ALLOCATION_SORTS),
  from: fromSchema,
});

export const allocationsPageSchema = pageOf(allocationOutSchema);

/** Sums of the columns of all allocations that a filter leaves, exact. */
export const allocationTotalsSchema = z.object({
  count: z.int(),
  netLikes: z.int(),
  netFollows: z.int(),
  carriedIn: decimalOutSchema,
  carriedOut: decimalOutSchema,
  points: decimalOutSchema,
  amount: amountOutSchema,
});
