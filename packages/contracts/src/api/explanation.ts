import { EVENT_TYPES } from '@rewardbook/domain/events/event';
import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { decimalOutSchema } from '../values/decimal.ts';
import { identifierSchema } from '../values/identifier.ts';
import { pathPart } from '../values/path-part.ts';
import { instantOutSchema, periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';
import { payoutTermsShape } from './payout-runs.ts';

/** A whole number of any size, in minor units of the currency where it is money. */
const wholeOut = z.string().regex(/^-?\d+$/);
const link = z.string().describe('Path of the list behind these numbers, in pages');

/** A creator in a closed period. */
export const explanationParamsSchema = z.object({
  program: programSchema,
  period: periodSchema,
  creator: pathPart(identifierSchema),
});

const eventCounts = z.object({ likes: z.int(), unlikes: z.int(), follows: z.int(), unfollows: z.int() });
const engagementCounts = z.object({ likes: z.int(), follows: z.int() });

const fractionOut = z.object({
  numerator: wholeOut,
  denominator: wholeOut,
  reducedNumerator: wholeOut,
  reducedDenominator: wholeOut,
});

const shareOut = z.object({
  method: z.string(),
  weight: wholeOut.describe(
    'Of the pool’s split: points as whole numbers, their roots, 1, or units of which each viewer has 10^18, by the method',
  ),
  units: z
    .object({ viewers: z.int().describe('Who gave this creator a part of theirs'), units: wholeOut })
    .nullable()
    .describe('Parts of the 10^18 units that each viewer splits; null if the method does not split by viewer'),
  totalWeight: wholeOut.describe('Of all creators'),
  sharingCreators: z.int(),
  cap: z
    .object({
      maxShare: decimalOutSchema,
      amount: amountOutSchema.describe('Most that one creator can get'),
      rounds: z
        .array(
          z.object({ pool: amountOutSchema, totalWeight: wholeOut, capped: z.int(), leastCapped: wholeOut.nullable() }),
        )
        .describe('Those above the cap get it, the rest goes over the others; the last round caps nobody'),
      decidedInRound: z.int().describe('From 1'),
      isCapped: z.boolean(),
    })
    .nullable(),
  roundPool: amountOutSchema.describe('What the deciding round split: the pool, where there is no cap'),
  roundTotalWeight: wholeOut,
  quota: fractionOut.nullable().describe('roundPool × weight / roundTotalWeight in minor units; null without a weight'),
  floor: amountOutSchema,
  remainder: wholeOut.describe('roundPool × weight mod roundTotalWeight, in minor units'),
  rank: z.int().nullable().describe('Among the remainders, 1 is the largest; null for who has no weight or the cap'),
  rankedCreators: z.int(),
  unitsLeft: wholeOut.describe('Minor units left once everybody has the floor: they go to the ranks up to this one'),
  getsUnit: z.boolean(),
  amount: amountOutSchema,
});

const scoutsOut = z.object({
  share: decimalOutSchema,
  periods: z.int(),
  paidBy: z.enum(['platform', 'creator']),
  scoutedBy: z
    .object({
      scoutId: z.string(),
      scoutedOn: z.string(),
      until: z.string().describe('The last period in which the scout gets something'),
      base: amountOutSchema.describe('What the close gave this creator from the pool and from campaigns'),
      commission: amountOutSchema,
    })
    .nullable()
    .describe('Who scouted this creator'),
  earned: amountOutSchema.describe('What this creator got as a scout'),
  creatorsScouted: z.int().describe('For how many creators'),
  link,
});

const involvedEntry = z.object({
  seq: z.int(),
  entryKey: z.string(),
  kind: z.string(),
  role: z
    .enum(['revenue', 'rollover', 'close', 'creator'])
    .describe('creator: any other entry on the creator’s accounts'),
  effectiveAt: z.string(),
  postedAt: instantOutSchema,
  hash: z.string(),
  postings: z
    .array(z.object({ line: z.int(), account: z.string(), amount: amountOutSchema }))
    .describe('Of the creator; of an entry without such, none. Debit positive'),
  link,
});

const paymentOut = z.object({
  runId: z.string(),
  payoutNumber: z.int().nullable(),
  runStatus: z.string(),
  ...payoutTermsShape,
  status: z.string().describe('due or waiting'),
  reason: z.string().nullable(),
  returned: z.boolean(),
});

/** Why a creator got this amount for a period: the whole derivation, from events to payment. */
export const explanationSchema = z
  .object({
    program: z.string(),
    period: z.string(),
    creator: z.string(),
    currency: z.string(),
    close: z.object({
      number: z.int(),
      start: instantOutSchema,
      end: instantOutSchema,
      policyVersion: z.int(),
      policyHash: z.string(),
      resultHash: z.string(),
      closedAt: instantOutSchema,
    }),
    events: z.object({
      counted: eventCounts,
      excluded: z.array(z.object({ rule: z.string(), likes: z.int(), follows: z.int() })),
      link,
    }),
    engagements: z.object({
      gained: engagementCounts,
      lost: engagementCounts,
      lostVoid: engagementCounts.describe('Lost without a cost: what was gained had been void'),
      link,
    }),
    points: z.object({
      likeWeight: decimalOutSchema,
      followWeight: decimalOutSchema,
      netLikes: z.int(),
      netFollows: z.int(),
      carriedIn: decimalOutSchema,
      total: decimalOutSchema.describe('carriedIn + likeWeight × netLikes + followWeight × netFollows'),
      carriedOut: decimalOutSchema,
      boosts: z
        .array(z.object({ name: z.string(), multiplier: decimalOutSchema, applied: z.boolean() }))
        .describe('Those that applied multiply positive points of an eligible creator, in this order'),
      used: decimalOutSchema.describe('By the allocation, after boosts'),
      void: z.boolean().describe('Positive points used up for nothing'),
    }),
    eligibility: z.object({
      eligible: z.boolean().describe('Has positive points and meets all conditions'),
      conditions: z.array(
        z.object({ condition: z.string(), required: z.string(), seen: z.string().nullable(), holds: z.boolean() }),
      ),
    }),
    pool: z.object({
      revenue: amountOutSchema.describe('What the close used: what was booked and what was carried in'),
      revenueEntries: amountOutSchema.describe('Sum of what was booked for the period'),
      revenueCarriedIn: amountOutSchema,
      revenueShare: decimalOutSchema,
      funded: amountOutSchema,
      rolledOver: amountOutSchema,
      pool: amountOutSchema,
      allocated: amountOutSchema,
      undistributed: amountOutSchema,
    }),
    share: shareOut,
    amount: amountOutSchema,
    scouts: scoutsOut.exactOptional().describe('Where the policy pays scouts'),
    payout: z.object({
      holdback: z.object({ amount: amountOutSchema, releasedAfter: z.string() }).nullable(),
      payments: z
        .array(paymentOut)
        .describe('Runs that had this creator, from this period on; a run pays a balance, not a period'),
    }),
    entries: z.array(involvedEntry),
    entriesLink: link,
  })
  .meta({ id: 'Explanation' });

/** What a close made of an engagement that it changed; `lost-void` cost nothing. */
const outcomeSchema = z.enum(['gained', 'lost', 'lost-void', 'unchanged']);

export const explainedEngagementsQuerySchema = pageQuerySchema.extend({
  outcome: outcomeSchema.optional(),
});

/** An engagement that this close changed, with the event that decides its state. */
export const explainedEngagementOutSchema = z.object({
  viewerId: z.string(),
  contentId: z.string().nullable().describe('Null for a follow'),
  outcome: outcomeSchema,
  active: z.boolean(),
  gainedIn: z.string().nullable().describe('Period; "baseline" for what was there before the program'),
  lostIn: z.string().nullable(),
  event: z
    .object({ id: z.string(), source: z.string(), occurredAt: instantOutSchema })
    .describe('The latest one in its register'),
  eventsLink: link,
});
export const explainedEngagementsPageSchema = pageOf(explainedEngagementOutSchema);

export const explainedEventsQuerySchema = pageQuerySchema.extend({
  viewerId: identifierSchema.optional(),
  contentId: z.string().max(256).optional().describe('Empty for follows'),
  rule: z.string().max(64).optional().describe('Only what this rule excluded; "counted" for what none did'),
});

/** An event that this close judged. */
export const explainedEventOutSchema = z.object({
  id: z.string(),
  source: z.string(),
  type: z.enum(EVENT_TYPES),
  viewerId: z.string(),
  contentId: z.string().nullable(),
  occurredAt: instantOutSchema,
  excludedBy: z.string().nullable().describe('The rule that kept it from counting'),
  inRegister: z
    .boolean()
    .describe('Also where nothing but a blocked list excludes it: what it gives is gained when the block ends'),
});
export const explainedEventsPageSchema = pageOf(explainedEventOutSchema);

export type Explanation = z.output<typeof explanationSchema>;
export type ExplainedEngagement = z.output<typeof explainedEngagementOutSchema>;
export type ExplainedEvent = z.output<typeof explainedEventOutSchema>;
