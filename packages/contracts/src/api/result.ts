import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf } from '../values/cursor.ts';
import { decimalOutSchema } from '../values/decimal.ts';

/** A rule that kept events from counting, and what they would have added. */
export const excludedSchema = z.object({ rule: z.string(), events: z.int(), points: decimalOutSchema });

/** How evenly the pool is spread: decimals of six places, null where there is no sum. */
export const metricsSchema = z.object({
  creators: z.int(),
  gini: decimalOutSchema.nullable(),
  top1Share: decimalOutSchema.nullable(),
  top10Share: decimalOutSchema.nullable(),
  palma: decimalOutSchema.nullable(),
  hhi: decimalOutSchema.nullable(),
  theilT: decimalOutSchema.nullable(),
});

/** Viewers who did the same at the same time so often that a person should look at them. */
const lockstepGroupSchema = z.object({
  viewers: z.array(z.string()),
  links: z.int().describe('Pairs of them that match often enough'),
  matches: z.int().describe('Of these pairs: the same target in the same window'),
});

/** A group as the list of a period's groups has it. */
const numberedGroupOut = lockstepGroupSchema.extend({
  number: z.int().describe('From 1, the largest group first'),
});
export const lockstepPageSchema = pageOf(numberedGroupOut);

export const allocationOutSchema = z.object({
  creatorId: z.string(),
  netLikes: z.int(),
  netFollows: z.int(),
  carriedIn: decimalOutSchema,
  carriedOut: decimalOutSchema,
  points: decimalOutSchema,
  weight: z.string().regex(/^\d+$/),
  amount: amountOutSchema,
});

/** What of it is there depends on what the program uses besides its pool. */
const campaignOut = z.object({
  campaign: z.string(),
  pool: amountOutSchema,
  allocated: amountOutSchema,
  undistributed: amountOutSchema,
  creators: z.array(allocationOutSchema.omit({ netFollows: true, weight: true })),
});

const giftOut = z.object({
  creatorId: z.string(),
  gifted: amountOutSchema,
  carriedIn: amountOutSchema,
  carriedOut: amountOutSchema,
  amount: amountOutSchema,
});

/**
 * The result of a period: what a close posts, a dry run shows and `simulate --json` prints. `creators` by the bytes of
 * creatorId; those with nothing at all are left out. Answers of this schema are streamed.
 */
export const periodResultSchema = z
  .object({
    period: z.string(),
    policyHash: z.string(),
    revenue: amountOutSchema,
    pool: amountOutSchema,
    allocated: amountOutSchema,
    undistributed: amountOutSchema,
    resultHash: z.string(),
    creators: z.array(allocationOutSchema),
    excluded: z.array(excludedSchema),
    metrics: metricsSchema,
    campaigns: z.array(campaignOut).describe('Campaigns of the period').exactOptional(),
    gifts: z.array(giftOut).describe('Where the program takes gifts').exactOptional(),
    commissions: z
      .array(z.object({ scoutId: z.string(), creatorId: z.string(), amount: amountOutSchema }))
      .describe('Where the policy pays scouts')
      .exactOptional(),
    shares: z
      .array(z.object({ creatorId: z.string(), memberId: z.string(), amount: amountOutSchema }))
      .describe('Where agreements are in force')
      .exactOptional(),
    benefits: z
      .array(
        z.object({
          name: z.string(),
          granted: z.array(z.string()),
          withdrawn: z.array(z.string()),
          holders: z.array(z.string()),
        }),
      )
      .describe('Where the policy has benefits')
      .exactOptional(),
    lockstep: z
      .array(lockstepGroupSchema)
      .describe('Where the policy has the rule; no part of the resultHash')
      .exactOptional(),
  })
  .meta({ id: 'PeriodResult' });

/** The result of a closed period without its creators. */
export const periodOutcomeSchema = periodResultSchema
  .omit({
    creators: true,
    campaigns: true,
    gifts: true,
    commissions: true,
    shares: true,
    benefits: true,
    lockstep: true,
  })
  .meta({ id: 'PeriodOutcome' });

/** What `simulate --json` prints. */
export const simulationSchema = z.object({
  program: z.string(),
  policyHash: z.string(),
  periods: z.array(periodResultSchema),
});

export type PeriodResultOut = z.output<typeof periodResultSchema>;
export type PeriodOutcome = z.output<typeof periodOutcomeSchema>;
export type AllocationOut = z.output<typeof allocationOutSchema>;
export type MetricsOut = z.output<typeof metricsSchema>;
