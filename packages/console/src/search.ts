import { requestStatusSchema } from '@rewardbook/contracts/api/approvals';
import { dateSchema, periodSchema } from '@rewardbook/contracts/values/period';
import { z } from 'zod';
import { orderSchema, orLeftOut, textSchema } from './format/address.ts';

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
});
export const approvalsSearchSchema = z.object({ status: orLeftOut(requestStatusSchema.or(z.literal('all'))) });
export const auditSearchSchema = z.object({ program: textSchema, key: textSchema, since: orLeftOut(dateSchema) });
export const whySearchSchema = z.object({
  rule: textSchema,
  outcome: orLeftOut(z.enum(['gained', 'lost', 'lost-void', 'unchanged'])),
});
