import { allocationFilterSchema } from '@rewardbook/contracts/api/allocations';
import { payoutFilterSchema } from '@rewardbook/contracts/api/payout-list';
import { CHANGE_KINDS } from '@rewardbook/contracts/api/run-changes';
import { countrySchema } from '@rewardbook/contracts/values/country';
import { dateSchema } from '@rewardbook/contracts/values/period';
import { pointInTimeSchema } from '@rewardbook/contracts/values/point-in-time';
import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import { z } from 'zod';
import { orderSchema, orLeftOut, textSchema } from '../format/address.ts';

// What may stand in the address of a list, for the address and for the filters that change it.

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
  asOf: orLeftOut(pointInTimeSchema.shape.asOf.unwrap()),
  order: orderSchema,
});

export const whySearchSchema = z.object({
  rule: textSchema,
  outcome: orLeftOut(z.enum(['gained', 'lost', 'lost-void', 'unchanged'])),
});
