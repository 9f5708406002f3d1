import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { instantOutSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';
import { reasonSchema } from './payout-runs.ts';

export const requestKindSchema = z.enum([
  'adjustment',
  'reversal',
  'revenue',
  'policy',
  'close',
  'return',
  'hold',
  'payees',
]);
export const requestStatusSchema = z
  .enum(['pending', 'approved', 'rejected', 'executed', 'failed'])
  .describe('`approved` is about to be executed; `failed` says in `outcome` why it could not be');

/** Something that waits for a second person, or was decided. */
export const requestOutSchema = z.object({
  request: z.int(),
  kind: requestKindSchema,
  key: z.string().describe('What is asked for: one request at a time waits for it'),
  status: requestStatusSchema,
  payload: z
    .record(z.string(), z.unknown())
    .describe('What will be done; without payees and accounts for a key that has neither approve nor read:payments'),
  payloadHash: z.string().describe('SHA-256 of the canonical JSON of the whole of it'),
  requestedBy: z.string(),
  requestedAt: instantOutSchema,
  decidedBy: z.string().nullable().describe('null if the requester took it back'),
  decidedAt: instantOutSchema.nullable(),
  note: z.string().nullable(),
  outcome: z.string().nullable().describe('Key of what came of it, or why it failed'),
});

/** Answer (202) where a second person has to approve first. */
export const approvalNeededSchema = z.object({
  approval: requestOutSchema,
  poll: z.string().describe('Path to poll'),
});

export const requestsPageSchema = pageOf(requestOutSchema);
export const requestsQuerySchema = pageQuerySchema.extend({ status: requestStatusSchema.optional() });
export const requestParamsSchema = z.object({
  program: programSchema,
  request: z.coerce.number().int().min(1).max(2_147_483_647),
});
export const decideBodySchema = z
  .strictObject({
    payloadHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'a SHA-256 in lower-case hex' })
      .optional()
      .describe('Of the request as it was read: another one is refused'),
    note: reasonSchema.optional(),
  })
  .meta({ id: 'Decide' });

export type RequestOut = z.output<typeof requestOutSchema>;
export type RequestKind = z.output<typeof requestKindSchema>;
export type RequestStatus = z.output<typeof requestStatusSchema>;
export type ApprovalNeeded = z.output<typeof approvalNeededSchema>;
