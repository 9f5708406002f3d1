import { requestStatusSchema } from '@rewardbook/contracts/api/approvals';
import { dateSchema, periodSchema } from '@rewardbook/contracts/values/period';
import { EVENT_TYPES } from '@rewardbook/domain/events/event';
import { z } from 'zod';
import { orLeftOut, textSchema } from './format/address.ts';

export { auditSearchSchema } from './access/audit-search.ts';
export {
  changesSearchSchema,
  creatorsSearchSchema,
  excludedSearchSchema,
  journalSearchSchema,
  periodSearchSchema,
  runSearchSchema,
  whySearchSchema,
} from './books/list-search.ts';

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
/** What of a program's events is looked at; paused: it stays unchanged. */
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
