import { ADJUSTMENT_KINDS } from '@rewardbook/domain/books/adjustment';
import { z } from 'zod';
import { amountOutSchema, amountSchema } from '../values/amounts.ts';
import { identifierSchema } from '../values/identifier.ts';
import { reasonSchema } from './payout-runs.ts';

const adjustmentKindSchema = z.enum(ADJUSTMENT_KINDS);

/** Body of `POST …/adjustments`. The reference makes it idempotent, over all kinds. */
export const adjustmentBodySchema = z
  .strictObject({
    kind: adjustmentKindSchema.default('adjustment'),
    creatorId: identifierSchema,
    amount: amountSchema.describe(
      'Major units, above zero; an adjustment may be negative, which takes from the creator',
    ),
    reason: reasonSchema,
    reference: identifierSchema,
  })
  .meta({ id: 'Adjustment' });

export const adjustmentOutSchema = z.object({
  entryKey: z.string(),
  kind: adjustmentKindSchema,
  creatorId: z.string(),
  currency: z.string(),
  amount: amountOutSchema,
  repeated: z.boolean(),
});

/** Body of `POST …/reversals`. An entry is reversed once. */
export const reversalBodySchema = z
  .strictObject({ entryKey: z.string().min(1).max(512), reason: reasonSchema })
  .meta({ id: 'Reversal' });
export const reversalOutSchema = z.object({ entryKey: z.string(), reverses: z.string(), repeated: z.boolean() });

/** Body of `POST …/cash`: `receipt` of advertising revenue (cash → ad-receivable), `funding` (cash → funding). */
export const cashBodySchema = z
  .strictObject({
    kind: z.enum(['receipt', 'funding']),
    amount: amountSchema,
    reference: identifierSchema,
    reason: reasonSchema.optional(),
  })
  .meta({ id: 'Cash' });
export const cashOutSchema = z.object({
  entryKey: z.string(),
  currency: z.string(),
  amount: amountOutSchema,
  repeated: z.boolean(),
});

export type AdjustmentBody = z.output<typeof adjustmentBodySchema>;
export type ReversalBody = z.output<typeof reversalBodySchema>;
export type CashBody = z.output<typeof cashBodySchema>;
