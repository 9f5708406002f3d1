import { z } from 'zod';
import { amountSchema } from '../values/amounts.ts';
import { decimalIn } from '../values/decimal.ts';
import { identifierSchema } from '../values/identifier.ts';
import { instantOutSchema, periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';
import { creatorSchema } from './creators.ts';
import { QUESTION_DEFAULTS as DEFAULTS, MAX_SERVICE_QUESTION as MAX } from './lab-limits.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: 'a SHA-256 in lower-case hex' });

/** Answer of `POST /v1/lab/events`: what the upload is called from now on. */
export const labUploadSchema = z
  .object({
    upload: sha256.describe('SHA-256 of the events as NDJSON, unpacked'),
    bytes: z.int(),
  })
  .meta({ id: 'LabUpload' });

/** Where the events of a question come from. */
export const labEventsSchema = z.union([
  z.strictObject({ upload: sha256.describe('As POST /v1/lab/events gave it') }),
  z.strictObject({
    program: programSchema.describe(
      'Accepted events of a program, each judged by the close that saw it first. Closes before the first period that has revenue are taken as they were',
    ),
    period: periodSchema
      .optional()
      .describe('Only what had happened by the end of this period, with the history before it'),
  }),
  z.strictObject({
    scenario: z.string().min(1).max(65_536).describe('A scenario of the generator, YAML'),
    seed: z.int().min(0).optional(),
    events: z.int().min(1).optional(),
    creators: z.int().min(1).optional(),
    viewers: z.int().min(1).optional(),
  }),
]);

const policy = z.record(z.string(), z.unknown()).describe('A policy as PUT /v1/programs/:program takes it');
const common = {
  events: labEventsSchema,
  creators: z.array(creatorSchema).max(200_000).default([]).describe('Registered creators'),
};
const revenue = z
  .record(z.string(), amountSchema)
  .describe('Amounts by period, in major units; periods between without any had 0');
const price = decimalIn({ min: '0' }).default('0');

const MAX_POLICIES = 10;
const names = z
  .array(z.string().min(1).max(200))
  .max(MAX_POLICIES)
  .optional()
  .describe('What the answer calls the policies, in their order; left out: policy 1, policy 2, …');

const LAB_ATTACKS = ['bought-followers', 'fake-viewers', 'like-ring', 'toggling', 'whale', 'split'] as const;

/**
 * A question to the policy lab. Its answer has the bytes that the command of the same name prints with --json (search: attack --search).
 * Limits are those of the service, a tenth of the command's: one job at a time is worked on, for all who ask.
 */
export const labQuestionSchema = z
  .discriminatedUnion('question', [
    z.strictObject({ question: z.literal('simulate'), ...common, policy, revenue }),
    z.strictObject({ question: z.literal('compare'), ...common, a: policy, b: policy, revenue }),
    z.strictObject({
      question: z.literal('sweep'),
      ...common,
      policy,
      revenue,
      set: z
        .array(
          z.strictObject({
            path: z.string().max(200),
            values: z.array(z.string().max(100)).min(1).max(MAX.axisValues),
          }),
        )
        .min(1)
        .max(4)
        .describe(
          `Keys of the policy, as weights.follow, and the values that each takes: at most ${MAX.gridSize} points ` +
            'in all. rewardbook sweep measures ten times as many',
        ),
      seeds: z
        .int()
        .min(2)
        .max(MAX.seeds)
        .optional()
        .describe('On that many seeds of a scenario, from its own upwards: means with their 95% t intervals'),
    }),
    z.strictObject({
      question: z.literal('attack'),
      ...common,
      policies: z.array(policy).min(1).max(MAX_POLICIES),
      names,
      revenue,
      kind: z.enum(LAB_ATTACKS),
      creatorIds: z
        .array(identifierSchema)
        .min(1)
        .max(1_000)
        .optional()
        .describe('Who is to gain; left out: from the middle of those who earn'),
      size: z.int().min(1).max(MAX.fakeEvents).default(DEFAULTS.fakeEvents).describe('Fake events'),
      accounts: z
        .int()
        .min(1)
        .max(MAX.accounts)
        .optional()
        .describe(
          'Fake viewers, or accounts that each creator splits into; left out: by kind. A like ring has one for each creator, a whale is one',
        ),
      hours: z
        .int()
        .min(1)
        .max(MAX.hours)
        .optional()
        .describe('How long it takes, from the start of the first period; left out: until the last ends'),
      rules: z
        .array(z.string().max(200))
        .max(20)
        .default([])
        .describe("Rules to try alone, as maxLikesPerPair=10, besides the policies' own"),
      cost: price.describe('Price of a fake event, in major units'),
      accountCost: price,
    }),
    z.strictObject({
      question: z.literal('screen'),
      ...common,
      policy,
      periods: z.int().min(1).default(DEFAULTS.screenedPeriods).describe('How many of the last periods are looked at'),
      minFollows: z.int().min(1).default(DEFAULTS.minFollows),
      minFollowers: z.int().min(0).default(DEFAULTS.minFollowers),
      maxFollowers: z.int().min(0).default(DEFAULTS.maxFollowers),
      top: z.int().min(1).max(MAX.listed).default(DEFAULTS.listed),
    }),
    z.strictObject({
      question: z.literal('search'),
      policies: z.array(policy).max(MAX_POLICIES).default([]).describe('Left out: a policy of each allocation method'),
      names,
      trials: z.int().min(1).max(MAX.trials).default(DEFAULTS.trials).describe('Small random worlds to look through'),
      seed: z.int().min(0).default(DEFAULTS.searchSeed),
    }),
  ])
  .meta({ id: 'LabQuestion' });

export const LAB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;

/** A question that is being worked on, or was. */
export const labJobSchema = z
  .object({
    job: sha256.describe('SHA-256 over all that the answer follows from: the same question has the same job'),
    question: z.enum(['simulate', 'compare', 'sweep', 'attack', 'screen', 'search']),
    state: z.enum(LAB_STATES),
    askedAt: instantOutSchema,
    progress: z.object({
      phase: z.string().describe('events, or what the question does with them'),
      done: z.int(),
      total: z.int().nullable(),
    }),
    answerBytes: z.int().nullable().describe('Of the answer, once it is there'),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'LabJob' });

export const labJobsSchema = z.object({ items: z.array(labJobSchema) });
export const labJobParamsSchema = z.object({ job: sha256 });
export const labWaitQuerySchema = z.object({
  wait: z.coerce.number().min(0).max(20).default(0).describe('Seconds to wait for it to be done'),
});

export type LabQuestion = z.output<typeof labQuestionSchema>;
export type LabEvents = z.output<typeof labEventsSchema>;
export type LabJob = z.output<typeof labJobSchema>;
export type LabState = (typeof LAB_STATES)[number];
