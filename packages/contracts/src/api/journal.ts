import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { pathPart } from '../values/path-part.ts';
import { instantOutSchema } from '../values/period.ts';
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

/** Query of the journal's list, in order of `seq`. */
export const journalQuerySchema = pageQuerySchema.extend({ kind: z.string().max(64).optional() });
export const journalPageSchema = pageOf(entryOutSchema);

/** One entry, with a page of its postings: an entry may have millions. */
export const entryParamsSchema = z.object({ program: programSchema, entryKey: pathPart(z.string().max(512)) });
export const entryDetailSchema = entryOutSchema.extend({ postings: pageOf(postingOutSchema) });
export const entryQuerySchema = pageQuerySchema;

export type EntryOut = z.output<typeof entryOutSchema>;
