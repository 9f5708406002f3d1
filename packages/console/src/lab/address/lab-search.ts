import { periodSchema } from '@rewardbook/contracts/values/period';
import { z } from 'zod';
import { orderSchema, orLeftOut, textSchema } from '../../format/address.ts';

const countSchema = orLeftOut(z.coerce.number().int().min(0).max(1_000_000_000));
const linkedTextSchema = orLeftOut(z.string().min(1).max(20_000));

/** Which events the lab is about. */
export const labEventsSchema = z.object({
  pack: orLeftOut(z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)?$/)),
  program: textSchema,
  from: orLeftOut(periodSchema),
  to: orLeftOut(periodSchema),
  /** Name of a file that was read in this browser. */
  file: textSchema,
  /** Which columns of the file hold what, "viewerId=user,type=action", and whether its times are UTC. */
  columns: textSchema,
  utc: orLeftOut(z.literal('yes')),
  /** A policy as a link has it, for a file. */
  base: linkedTextSchema,
  /** A scenario that differs from the pack's, as a link has texts. */
  scenario: linkedTextSchema,
  seed: countSchema,
  events: countSchema,
  creators: countSchema,
  viewers: countSchema,
  revenue: linkedTextSchema,
});

/** The same on every page of the lab: the events, and both policies. */
export const labSharedSchema = labEventsSchema.extend({
  /** What the baseline changes of the events' own policy, and the candidate of the baseline. */
  a: linkedTextSchema,
  b: linkedTextSchema,
});

export const labSearchSchema = labSharedSchema.extend({
  /** Which policy is edited, and how. */
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

/** All that may stand in an address of the lab, whichever of its pages is shown. */
export const labAddressSchema = z.object({
  ...labCompareSearchSchema.shape,
  ...labSweepSearchSchema.shape,
  ...labAttackSearchSchema.shape,
  ...labScreenSearchSchema.shape,
});
