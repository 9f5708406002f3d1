import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { instantOutSchema } from '../values/period.ts';
import { reasonSchema } from './payout-runs.ts';

const holdReasonSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'a reason is a short word of a-z, 0-9 and "-", as fraud-review' })
  .meta({ examples: ['fraud-review', 'returned'] });

/** Places or lifts a hold. A creator is on hold while one reason or more is in force. */
export const holdBodySchema = z
  .strictObject({
    creatorId: identifierSchema,
    action: z.enum(['place', 'lift']),
    reason: holdReasonSchema,
    note: reasonSchema.optional(),
  })
  .meta({ id: 'Hold' });

export const holdSetSchema = z.object({
  creatorId: z.string(),
  reason: z.string(),
  isOnHold: z.boolean().describe('Whether any reason is in force now'),
  repeated: z.boolean(),
});

/** What was done: append-only history, newest last. */
export const holdOutSchema = z.object({
  number: z.int(),
  creatorId: z.string(),
  action: z.enum(['placed', 'lifted']),
  reason: z.string(),
  note: z.string().nullable(),
  actor: z.string(),
  at: instantOutSchema,
});
export const holdsPageSchema = pageOf(holdOutSchema);
export const holdsQuerySchema = pageQuerySchema.extend({
  creator: identifierSchema.optional(),
  inForce: z.stringbool().default(true).describe('Only what is in force; false: the whole history'),
});

export type HoldBody = z.output<typeof holdBodySchema>;
export type HoldSet = z.output<typeof holdSetSchema>;
