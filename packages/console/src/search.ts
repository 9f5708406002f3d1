import { requestStatusSchema } from '@rewardbook/contracts/api/approvals';
import { dateSchema, periodSchema } from '@rewardbook/contracts/values/period';
import { z } from 'zod';
import { orLeftOut, textSchema } from './format/search-values.ts';

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
});
export const approvalsSearchSchema = z.object({ status: orLeftOut(requestStatusSchema.or(z.literal('all'))) });
