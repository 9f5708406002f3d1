import { AUDIT_OUTCOMES } from '@rewardbook/contracts/api/access/audit-log';
import { allocationFilterSchema } from '@rewardbook/contracts/api/allocations';
import { requestStatusSchema } from '@rewardbook/contracts/api/approvals';
import { payoutFilterSchema } from '@rewardbook/contracts/api/payout-list';
import { CHANGE_KINDS } from '@rewardbook/contracts/api/run-changes';
import { countrySchema } from '@rewardbook/contracts/values/country';
import { dateSchema, periodSchema } from '@rewardbook/contracts/values/period';
import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
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
  only: orLeftOut(allocationFilterSchema.shape.only.unwrap()),
  amountFrom: textSchema,
  amountTo: textSchema,
  from: textSchema,
  order: orderSchema,
  dryRun: orLeftOut(z.literal('yes')),
});
export const excludedSearchSchema = z.object({
  rule: orLeftOut(z.enum(RISK_RULES)),
  creator: textSchema,
  viewer: textSchema,
});
export const runSearchSchema = z.object({
  status: orLeftOut(payoutFilterSchema.shape.status.unwrap()),
  reason: orLeftOut(payoutFilterSchema.shape.reason.unwrap()),
  find: textSchema,
  netFrom: textSchema,
  netTo: textSchema,
  from: textSchema,
  order: orderSchema,
});
export const changesSearchSchema = z.object({
  kind: orLeftOut(z.enum(CHANGE_KINDS)),
  find: textSchema,
  order: orderSchema,
});
export const creatorsSearchSchema = z.object({
  find: textSchema,
  country: orLeftOut(countrySchema),
  onHold: orLeftOut(z.enum(['true', 'false'])),
  from: textSchema,
  order: orderSchema,
});
export const journalSearchSchema = z.object({
  kind: textSchema,
  find: textSchema,
  creator: textSchema,
  effectiveFrom: orLeftOut(dateSchema),
  effectiveTo: orLeftOut(dateSchema),
  order: orderSchema,
});
export const balancesSearchSchema = pointInTimeSearchSchema.extend({ prefix: textSchema });
export const reconciliationSearchSchema = z.object({
  period: orLeftOut(periodSchema),
  open: orLeftOut(z.literal('yes')),
});
export const approvalsSearchSchema = z.object({ status: orLeftOut(requestStatusSchema.or(z.literal('all'))) });
export const auditSearchSchema = z.object({
  program: textSchema,
  key: textSchema,
  action: textSchema,
  outcome: orLeftOut(z.enum(AUDIT_OUTCOMES)),
  since: orLeftOut(dateSchema),
  until: orLeftOut(dateSchema),
  order: orderSchema,
});
export const whySearchSchema = z.object({
  rule: textSchema,
  outcome: orLeftOut(z.enum(['gained', 'lost', 'lost-void', 'unchanged'])),
});
