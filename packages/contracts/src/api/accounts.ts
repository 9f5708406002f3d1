import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { pathPart } from '../values/path-part.ts';
import { pointInTimeSchema } from '../values/point-in-time.ts';
import { programSchema } from '../values/slug.ts';

/** An account: sums of its debits and credits, both positive, and `balance` = debit − credit. */
export const accountOutSchema = z.object({
  account: z.string(),
  currency: z.string(),
  debit: amountOutSchema,
  credit: amountOutSchema,
  balance: amountOutSchema.describe('Signed, debit positive'),
});

/** A movement of an account, with the balance after it. */
const movementOutSchema = z.object({
  seq: z.int(),
  line: z.int(),
  entryKey: z.string(),
  kind: z.string(),
  effectiveAt: z.string(),
  amount: amountOutSchema,
  balance: amountOutSchema,
});

export const accountParamsSchema = z.object({ program: programSchema, account: pathPart(z.string().max(1024)) });
const pointInTimePageQuery = pageQuerySchema.extend(pointInTimeSchema.shape);
export const accountQuerySchema = pointInTimePageQuery;
export const trialBalanceQuerySchema = pointInTimePageQuery;
export const accountsQuerySchema = pointInTimePageQuery.extend({
  prefix: z.string().max(1024).optional().describe('Only accounts that begin so, as creator:'),
});
export const accountsPageSchema = pageOf(accountOutSchema);
export const accountDetailSchema = accountOutSchema.extend({ movements: pageOf(movementOutSchema) });

/** A page of the trial balance; the totals are those of all accounts, and equal. */
export const trialBalanceSchema = pageOf(accountOutSchema).extend({
  currency: z.string(),
  totalDebit: amountOutSchema,
  totalCredit: amountOutSchema,
});

export type AccountOut = z.output<typeof accountOutSchema>;
