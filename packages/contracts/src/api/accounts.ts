import { z } from 'zod';
import { amountOut } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { pathPart } from '../values/path-part.ts';
import { pointInTimeSchema } from '../values/point-in-time.ts';
import { programSchema } from '../values/slug.ts';

/** An account: sums of its debits and credits, both positive, and `balance` = debit − credit. */
export const accountOut = z.object({
  account: z.string(),
  currency: z.string(),
  debit: amountOut,
  credit: amountOut,
  balance: amountOut.describe('Signed, debit positive'),
});

/** A movement of an account, with the balance after it. */
export const movementOut = z.object({
  seq: z.int(),
  line: z.int(),
  entryKey: z.string(),
  kind: z.string(),
  effectiveAt: z.string(),
  amount: amountOut,
  balance: amountOut,
});

export const accountParamsSchema = z.object({ program: programSchema, account: pathPart(z.string().max(1024)) });
const pointInTimePageQuery = pageQuerySchema.extend(pointInTimeSchema.shape);
export const accountQuerySchema = pointInTimePageQuery;
export const trialBalanceQuerySchema = pointInTimePageQuery;
export const accountsQuerySchema = pointInTimePageQuery.extend({
  prefix: z.string().max(1024).optional().describe('Only accounts that begin so, as creator:'),
});
export const accountsPageSchema = pageOf(accountOut);
export const accountDetailSchema = accountOut.extend({ movements: pageOf(movementOut) });

/** A page of the trial balance; the totals are those of all accounts, and equal. */
export const trialBalanceSchema = pageOf(accountOut).extend({
  currency: z.string(),
  totalDebit: amountOut,
  totalCredit: amountOut,
});

export type AccountOut = z.output<typeof accountOut>;
export type MovementOut = z.output<typeof movementOut>;
export type AccountDetail = z.output<typeof accountDetailSchema>;
export type TrialBalance = z.output<typeof trialBalanceSchema>;
