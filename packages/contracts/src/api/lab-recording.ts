import { z } from 'zod';
import { amountSchema } from '../values/amounts.ts';
import { instantOutSchema, periodKindSchema, periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

/** A close that was begun, and what it used. */
const recordedCloseSchema = z.object({
  period: periodSchema,
  start: instantOutSchema,
  end: instantOutSchema,
  policyVersion: z.int(),
  policy: z.record(z.string(), z.unknown()).describe('In its stored form'),
  creatorsVersion: z.int().describe('Of the registry that it used'),
  revenue: amountSchema.describe("Sum of the period's entries, major units"),
});

/** First line of `GET /v1/programs/:program/lab/recording`. */
export const recordingHeadSchema = z.object({
  program: programSchema,
  currency: z.string(),
  timeZone: z.string(),
  period: periodKindSchema,
  closes: z.array(recordedCloseSchema).describe('From the first on'),
  creatorsVersion: z.int().describe('Of the registry now'),
  events: z.int().describe('How many events are recorded in all'),
});

/** A creator as of a version of the registry, until the next line of the same creator. By creatorId in byte order, then by version. */
export const recordedCreatorSchema = z.object({
  version: z.int(),
  creatorId: z.string(),
  handle: z.string().nullable(),
  country: z.string().nullable(),
  joinedOn: z.string().nullable(),
  followers: z.int(),
  viewerIds: z.array(z.string()),
  scoutId: z.string().exactOptional().describe('Only of those who have a scout'),
  scoutedOn: z.string().exactOptional(),
});

/** The events after this line were seen first by the close of this number, from 1; what no close has seen is the next one's. */
export const recordedSeenAtSchema = z.object({ seenAt: z.int() });

/** Last line: without it the answer was broken off. */
export const recordingEndSchema = z.object({ end: z.object({ creators: z.int(), events: z.int() }) });

export const recordingQuerySchema = z.object({
  period: periodSchema
    .optional()
    .describe('Only what had happened by the end of this period, with the history before it'),
});

export type RecordingHead = z.output<typeof recordingHeadSchema>;
export type RecordedCreator = z.output<typeof recordedCreatorSchema>;
