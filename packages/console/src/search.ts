import { requestStatusSchema } from '@rewardbook/contracts/api/approvals';
import { dateSchema, periodSchema } from '@rewardbook/contracts/values/period';
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
export const approvalsSearchSchema = z.object({ status: orLeftOut(requestStatusSchema.or(z.literal('all'))) });
export const auditSearchSchema = z.object({ program: textSchema, key: textSchema, since: orLeftOut(dateSchema) });
export const whySearchSchema = z.object({
  rule: textSchema,
  outcome: orLeftOut(z.enum(['gained', 'lost', 'lost-void', 'unchanged'])),
});
