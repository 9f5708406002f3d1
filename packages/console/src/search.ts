import { requestStatusSchema } from '@rewardbook/contracts/api/approvals';
import { dateSchema, periodSchema } from '@rewardbook/contracts/values/period';
import { EVENT_TYPES } from '@rewardbook/domain/events/event';
import { z } from 'zod';

/** Reads a query as texts: nothing in it is taken for JSON, so an id of digits stays an id. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Writes what is there; what is left out is the default. */
export function stringifySearch(values: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A part of an address that does not fit is left out, as if it were not there. */
function orLeftOut<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

const textSchema = orLeftOut(z.string().min(1).max(512));
const orderSchema = orLeftOut(z.string().regex(/^-?[a-zA-Z]{1,32}$/));

/** The point in time of balances. */
export const pointInTimeSearchSchema = z.object({
  asOf: orLeftOut(z.iso.datetime({ offset: true })),
  effective: orLeftOut(dateSchema),
});

export const periodSearchSchema = z.object({
  find: textSchema,
  order: orderSchema,
  dryRun: orLeftOut(z.literal('yes')),
});
export const runSearchSchema = z.object({ status: orLeftOut(z.enum(['due', 'waiting', 'returned'])) });
export const journalSearchSchema = z.object({ kind: textSchema });
export const balancesSearchSchema = pointInTimeSearchSchema.extend({ prefix: textSchema });
export const reconciliationSearchSchema = z.object({
  period: orLeftOut(periodSchema),
  open: orLeftOut(z.literal('yes')),
  statement: orLeftOut(z.string().regex(/^[1-9]\d{0,15}$/)),
});
const versionSchema = orLeftOut(z.string().regex(/^[1-9]\d{0,8}$/));
export const policySearchSchema = z.object({
  old: versionSchema,
  new: versionSchema,
  all: orLeftOut(z.literal('yes')),
});
/** What of a program's events is looked at; paused: it stays as it is. */
export const liveSearchSchema = z.object({
  view: orLeftOut(z.enum(['refused', 'events'])),
  paused: orLeftOut(z.literal('yes')),
  state: orLeftOut(z.enum(['untallied', 'tallied', 'conflicts'])),
  code: orLeftOut(z.string().regex(/^[a-z0-9-]{1,64}$/)),
  id: textSchema,
  viewer: textSchema,
  creator: textSchema,
  text: textSchema,
  type: orLeftOut(z.enum(EVENT_TYPES)),
  from: orLeftOut(dateSchema),
  until: orLeftOut(dateSchema),
  order: orLeftOut(z.literal('oldest')),
});
export const approvalsSearchSchema = z.object({ status: orLeftOut(requestStatusSchema.or(z.literal('all'))) });
export const auditSearchSchema = z.object({ program: textSchema, key: textSchema, since: orLeftOut(dateSchema) });
export const whySearchSchema = z.object({
  rule: textSchema,
  outcome: orLeftOut(z.enum(['gained', 'lost', 'lost-void', 'unchanged'])),
});

const countSchema = orLeftOut(z.coerce.number().int().min(0).max(1_000_000_000));
const linkedTextSchema = orLeftOut(z.string().min(1).max(20_000));

/** Which events the lab is about, and both policies: on every page of it. */
export const labSearchSchema = z.object({
  pack: orLeftOut(z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)?$/)),
  program: textSchema,
  from: orLeftOut(periodSchema),
  to: orLeftOut(periodSchema),
  /** Name of a file that was read in this browser. */
  file: textSchema,
  /** A policy as a link has it, for a file. */
  base: linkedTextSchema,
  /** A scenario that differs from the pack's, as a link has texts. */
  scenario: linkedTextSchema,
  seed: countSchema,
  events: countSchema,
  creators: countSchema,
  viewers: countSchema,
  revenue: linkedTextSchema,
  /** What the baseline changes of the events' own policy, and the candidate of the baseline. */
  a: linkedTextSchema,
  b: linkedTextSchema,
  /** Which of them is edited, and how. */
  side: orLeftOut(z.literal('a')),
  as: orLeftOut(z.literal('yaml')),
});

export const labCompareSearchSchema = labSearchSchema.extend({
  find: textSchema,
  order: orderSchema,
  /** Bins of before and after that are selected: "3-9,4-12". */
  sizes: orLeftOut(z.string().regex(/^-?\d{1,4}~-?\d{1,4},-?\d{1,4}~-?\d{1,4}$/)),
});

export const labSweepSearchSchema = labSearchSchema.extend({
  key1: textSchema,
  values1: textSchema,
  key2: textSchema,
  values2: textSchema,
  seeds: countSchema,
  figure: textSchema,
});

export const labAttackSearchSchema = labSearchSchema.extend({
  kind: textSchema,
  size: countSchema,
  accounts: countSchema,
  hours: countSchema,
  cost: textSchema,
  accountCost: textSchema,
  creator: textSchema,
  rules: textSchema,
});

export const labScreenSearchSchema = labSearchSchema.extend({
  periods: countSchema,
  minFollows: countSchema,
  minFollowers: countSchema,
  maxFollowers: countSchema,
  top: countSchema,
});

export type LabSearch = z.output<typeof labSearchSchema>;
