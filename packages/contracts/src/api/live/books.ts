import { RUN_STATUSES } from '@rewardbook/domain/payouts/payout-status';
import { z } from 'zod';
import { instantOutSchema } from '../../values/period.ts';
import { requestStatusSchema } from '../approvals.ts';
import { verifyRunOutSchema } from '../verify.ts';

/** The steps of a close, in their order; a policy may not need all. */
export const CLOSE_PHASES = [
  'lockstep',
  'fold',
  'registry',
  'pairs',
  'compute',
  'allocations',
  'proof',
  'commit',
] as const;

/** How a close goes, or went: the steps of its newest attempt. */
export const closeWatchedSchema = z.object({
  period: z.string(),
  status: z.enum(['closing', 'closed']),
  begunBy: z.string(),
  begunAt: instantOutSchema,
  closedAt: instantOutSchema.nullable(),
  failure: z.string().nullable().describe('Why the last attempt failed; it is tried again'),
  retryAt: instantOutSchema.nullable().describe('Not before then is it tried again by itself'),
  phases: z
    .array(z.object({ phase: z.enum(CLOSE_PHASES), beganAt: instantOutSchema }))
    .describe('Each lasts until the next begins, the last one until the close is done'),
});

/** Jobs of a queue by state. */
const queueDepthSchema = z.object({ waiting: z.int(), active: z.int(), delayed: z.int(), failed: z.int() });

/** Events of the stream `GET /v1/programs/:program/live` of the ledger, by name. */
export const booksLiveSchema = z.object({
  journal: z.object({ seq: z.int() }).describe('The number of the newest entry'),
  close: closeWatchedSchema.nullable().describe('The close that is under way'),
  closes: z
    .object({ closed: z.int(), last: z.string().nullable() })
    .describe('How many periods are closed, and the last one'),
  runs: z
    .array(z.object({ runId: z.string(), status: z.enum(RUN_STATUSES) }))
    .describe('The newest 20 payout runs, newest first'),
  approvals: z.object({
    pending: z.int(),
    newest: z.array(z.object({ request: z.int(), status: requestStatusSchema })),
  }),
  verify: verifyRunOutSchema.nullable().describe('The newest verification'),
  queues: z
    .object({ tally: queueDepthSchema, close: queueDepthSchema })
    .nullable()
    .describe(
      'Jobs of all programs; null while the queue does not answer, and never told to keys that are bound to programs',
    ),
});

export type CloseWatched = z.output<typeof closeWatchedSchema>;
export type BooksLive = z.output<typeof booksLiveSchema>;
