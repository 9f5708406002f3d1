import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema, walkedPageOf } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { listOrderSchema } from '../values/list-query.ts';
import { pathPart } from '../values/path-part.ts';
import { dateSchema, instantOutSchema } from '../values/period.ts';
import { pointInTimeSchema } from '../values/point-in-time.ts';
import { programSchema } from '../values/slug.ts';

/** A posting: the amount is signed, debit positive. */
const postingOutSchema = z.object({ line: z.int(), account: z.string(), amount: amountOutSchema });

export const entryOutSchema = z.object({
  seq: z.int(),
  entryKey: z.string().describe('Natural key, as close:2026-10'),
  kind: z.string(),
  currency: z.string(),
  effectiveAt: z.string().describe('Date on which it takes effect'),
  postedAt: instantOutSchema,
  reverses: z.string().nullable(),
  details: z.record(z.string(), z.string()),
  postingCount: z.int(),
  postingsHash: z.string(),
  prevHash: z.string(),
  hash: z.string(),
});

const seqSchema = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional();

/** Which journal entries: the same for the list and its files. */
export const journalFilterSchema = z.object({
  kind: z.string().max(64).optional(),
  creator: identifierSchema.optional().describe('Only entries with a posting of this creator'),
  find: identifierSchema
    .optional()
    .describe('Only entries whose key or details contain this; letters of A to Z in either case'),
  fromSeq: seqSchema,
  toSeq: seqSchema,
  effectiveFrom: dateSchema.optional(),
  effectiveTo: dateSchema.optional(),
});

/** Query of the journal's list, in order of `seq`. */
export const journalQuerySchema = pageQuerySchema.extend({
  ...journalFilterSchema.shape,
  asOf: pointInTimeSchema.shape.asOf,
  order: listOrderSchema.default('asc').describe('By `seq`; `desc`: the newest first'),
});
export const journalPageSchema = walkedPageOf(entryOutSchema).extend({
  lastSeq: z.int().describe('Of the newest entry, now or as of then, which is the number of entries'),
});

/** One entry, with a page of its postings: an entry may have millions. */
export const entryParamsSchema = z.object({ program: programSchema, entryKey: pathPart(z.string().max(512)) });
export const entryDetailSchema = entryOutSchema.extend({
  reversedBy: z.string().nullable().describe('Key of the entry that took it back'),
  postings: pageOf(postingOutSchema),
});
export const entryQuerySchema = pageQuerySchema;

export type EntryOut = z.output<typeof entryOutSchema>;
