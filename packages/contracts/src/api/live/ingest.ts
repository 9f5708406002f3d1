import { z } from 'zod';
import { instantOutSchema } from '../../values/period.ts';
import { batchOutSchema } from '../ingest/batches.ts';

/** What became of the events that were answered for in one second. */
export const ingestSecondSchema = z.object({
  second: z.int().describe('Epoch seconds, by the clock of the database'),
  accepted: z.int(),
  duplicates: z.int(),
  conflicts: z.int(),
  rejected: z.int(),
});

/** The last minute of ingest. */
export const ingestRatesSchema = z.object({
  now: z.int().describe('Epoch seconds, by the clock of the database; this second is not over'),
  from: z.int().describe('The first second that is told; later than a minute ago where there were very many batches'),
  seconds: z.array(ingestSecondSchema).describe('In order, without those in which nothing happened'),
});

/** How far the live estimates are behind. */
export const tallyLagSchema = z.object({
  untallied: z.int().describe('Batches that are durable and not in the live estimates, 10,000 at most'),
  oldestAt: instantOutSchema.nullable().describe('When the oldest of them became durable'),
  tallied: z.int().describe('Batches that were tallied in the last minute'),
  medianMs: z.number().nullable().describe('From durable to tallied, of these'),
  p95Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
});

/** Events of the stream `GET /v1/programs/:program/live` of engagement-events, by name. */
export const ingestLiveSchema = z.object({
  rates: ingestRatesSchema,
  tally: tallyLagSchema,
  batches: z.array(batchOutSchema).describe('The newest 20, newest first'),
  refused: z.object({ newest: z.string().nullable().describe('Changes with each refused event that is kept') }),
});

export type IngestSecond = z.output<typeof ingestSecondSchema>;
export type IngestRates = z.output<typeof ingestRatesSchema>;
export type TallyLag = z.output<typeof tallyLagSchema>;
export type IngestLive = z.output<typeof ingestLiveSchema>;
