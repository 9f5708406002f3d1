import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { identifierSchema } from '../values/identifier.ts';
import { pathPart } from '../values/path-part.ts';
import { programSchema } from '../values/slug.ts';

export const creatorParamsSchema = z.object({ program: programSchema, creator: pathPart(identifierSchema) });

/**
 * Where a creator's money is. `final + adjusted = payable + held + inRuns + paid + withheld`: all that was ever booked for the creator
 * is in one of these.
 */
export const creatorBalanceSchema = z
  .object({
    creatorId: z.string(),
    currency: z.string(),
    estimated: amountOutSchema
      .nullable()
      .describe(
        'For open periods, by what came in so far; a close decides. null: nothing is known, or no revenue is booked',
      ),
    final: amountOutSchema.describe('What closes gave'),
    adjusted: amountOutSchema.describe('Adjustments, clawbacks, write-offs, unclaimed and their reversals'),
    held: amountOutSchema.describe('Held back, to be released by a later close'),
    payable: amountOutSchema.describe('What a run can pay; below zero where more was taken back than earned'),
    owed: amountOutSchema.describe('What later earnings repay first: −payable where that is below zero, else 0'),
    onHold: amountOutSchema.describe('Of payable: kept by a hold. 0 without one'),
    holds: z.array(z.string()).describe('Reasons in force'),
    drafted: amountOutSchema.describe(
      'Of payable: gross of the payout in a draft that still can be approved, the largest one where there are several',
    ),
    inRuns: amountOutSchema.describe('Net of payouts that are approved or exported, and neither settled nor returned'),
    paid: amountOutSchema.describe('Net of payouts that are settled and did not come back'),
    withheld: amountOutSchema.describe('Tax of approved payouts, less what came back of it'),
    returned: amountOutSchema.describe('Net of payouts that came back; it is in the others again'),
  })
  .meta({ id: 'CreatorBalance' });

export type CreatorBalance = z.output<typeof creatorBalanceSchema>;
