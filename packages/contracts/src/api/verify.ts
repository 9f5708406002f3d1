import { z } from 'zod';
import { pageOf } from '../values/cursor.ts';
import { instantOutSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

/** One invariant of the books: whether it holds, and the first difference where it does not. */
export const checkOutSchema = z.object({
  check: z.string(),
  ok: z.boolean(),
  checked: z.int().describe('How many things were looked at'),
  difference: z.string().nullable(),
});

/** Answer of `POST …/verify`: 200 also where an invariant is broken; `ok` says so. */
export const verifiedSchema = z.object({ program: z.string(), ok: z.boolean(), checks: z.array(checkOutSchema) });

export type CheckOut = z.output<typeof checkOutSchema>;
export type Verified = z.output<typeof verifiedSchema>;

/** A kind of check of a verification that may be under way. */
export const checkProgressSchema = checkOutSchema.extend({
  ok: z.boolean().nullable().describe('null while nothing is known; false as soon as a difference is found'),
  state: z.enum(['waiting', 'running', 'done']),
  read: z.int().describe('Rows that were read so far for what is checked later'),
});

export const verifyRunStateSchema = z
  .enum(['running', 'done', 'cancelled', 'failed', 'interrupted'])
  .describe('`interrupted`: what checked the books ended before it was done');

/** A verification of a program's books, as a job. */
export const verifyRunOutSchema = z.object({
  run: z.int(),
  state: verifyRunStateSchema,
  ok: z.boolean().nullable().describe('Whether every invariant holds; null unless it is done'),
  startedBy: z.string(),
  startedAt: instantOutSchema,
  endedAt: instantOutSchema.nullable(),
  cancelledBy: z.string().nullable().describe('Who asked to end it'),
  failure: z.string().nullable().describe('Why it gave no result'),
  checks: z.array(checkProgressSchema),
});

export const verifyRunParamsSchema = z.object({
  program: programSchema,
  run: z.coerce.number().int().min(1).max(2_147_483_647),
});
export const verifyRunsPageSchema = pageOf(verifyRunOutSchema);

export type CheckProgress = z.output<typeof checkProgressSchema>;
export type VerifyRunState = z.output<typeof verifyRunStateSchema>;
export type VerifyRunOut = z.output<typeof verifyRunOutSchema>;
