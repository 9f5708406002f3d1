import { z } from 'zod';
import { amountOut } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { pathPart } from '../values/path-part.ts';
import { instantOut } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

/** A posting: the amount is signed, debit positive. */
export const postingOut = z.object({ line: z.int(), account: z.string(), amount: amountOut });

export const entryOut = z.object({
  seq: z.int(),
  entryKey: z.string().describe('Natural key, as close:2026-10'),
  kind: z.string(),
  currency: z.string(),
  effectiveAt: z.string().describe('Date on which it takes effect'),
  postedAt: instantOut,
  reverses: z.string().nullable(),
  details: z.record(z.string(), z.string()),
  postingCount: z.int(),
  postingsHash: z.string(),
  prevHash: z.string(),
  hash: z.string(),
});

/** Query of the journal's list, in order of `seq`. */
export const journalQuerySchema = pageQuerySchema.extend({ kind: z.string().max(64).optional() });
export const journalPageSchema = pageOf(entryOut);

/** One entry, with a page of its postings: an entry may have millions. */
export const entryParamsSchema = z.object({ program: programSchema, entryKey: pathPart(z.string().max(512)) });
export const entryDetailSchema = entryOut.extend({ postings: pageOf(postingOut) });
export const entryQuerySchema = pageQuerySchema;

export type PostingOut = z.output<typeof postingOut>;
export type EntryOut = z.output<typeof entryOut>;
export type EntryDetail = z.output<typeof entryDetailSchema>;
