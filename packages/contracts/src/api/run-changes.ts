import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { findShape, sortShape } from '../values/list-query.ts';

/** What a run pays a creator beside the run before: something now and nothing then, the other way round, more, less, or the same. */
export const CHANGE_KINDS = ['new', 'gone', 'up', 'down', 'same'] as const;
const kindSchema = z.enum(CHANGE_KINDS);

const comparedShape = {
  before: amountOutSchema.describe('Net by the run before, as it was drafted'),
  now: amountOutSchema.describe('Net by this run'),
  difference: amountOutSchema.describe('now − before'),
};

/** A run beside the one before it that was not discarded. */
export const runChangesSchema = z.object({
  runId: z.string(),
  previousRun: z.string().nullable().describe('null: it is the first one, and all its payouts are new'),
  currency: z.string(),
  kinds: z.array(z.object({ kind: kindSchema, creators: z.int(), ...comparedShape })),
  ...comparedShape,
});

export const changedPayoutSchema = z.object({ creatorId: z.string(), kind: kindSchema, ...comparedShape });
export const changedPayoutsPageSchema = pageOf(changedPayoutSchema);

/** What the changes of a run can be sorted by. */
export const CHANGE_SORTS = ['creator', 'difference'] as const;

export const changedPayoutsQuerySchema = pageQuerySchema.extend({
  kind: kindSchema.optional(),
  ...findShape,
  ...sortShape(CHANGE_SORTS),
});

export type RunChanges = z.output<typeof runChangesSchema>;
export type ChangedPayout = z.output<typeof changedPayoutSchema>;
export type ChangeKind = z.output<typeof kindSchema>;
