import type { RequestOut } from '@rewardbook/contracts/api/approvals';
import { z } from 'zod';
import { groupDigits } from '../format/decimal-text.ts';
import { readablePeriod } from '../format/time.ts';

const adjustmentSchema = z.looseObject({
  kind: z.string(),
  creatorId: z.string(),
  amount: z.string(),
  reason: z.string(),
});
const policySchema = z.looseObject({ from: z.string().nullable() });
const returnSchema = z.looseObject({ run: z.string(), creatorId: z.string() });
const holdSchema = z.looseObject({ creatorId: z.string(), reason: z.string() });
const payeesSchema = z.looseObject({ creators: z.array(z.looseObject({ creatorId: z.string() })) });
const revenueSchema = z.looseObject({ period: z.string(), amount: z.string() });
const reversalSchema = z.looseObject({ entryKey: z.string(), reason: z.string() });
const closeSchema = z.looseObject({ period: z.string() });

const NAMED = 3;

/**
 * What a request asks for, as a sentence. Where its contents are not as this version knows them, its key: it says less, and
 * nothing wrong.
 */
export function describeRequest(
  { kind, key, payload }: Pick<RequestOut, 'kind' | 'key' | 'payload'>,
  currency: string,
): string {
  return WRITERS[kind](payload, currency) ?? key;
}

type Writer = (payload: unknown, currency: string) => string | undefined;

/** A sentence from a payload of a known form; undefined for another. */
function writer<Schema extends z.ZodType>(
  schema: Schema,
  write: (payload: z.output<Schema>, currency: string) => string,
): Writer {
  return (payload, currency) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? write(parsed.data, currency) : undefined;
  };
}

const WRITERS: Readonly<Record<RequestOut['kind'], Writer>> = {
  adjustment: writer(
    adjustmentSchema,
    ({ kind, creatorId, amount, reason }, currency) =>
      `${kind === 'adjustment' ? 'Adjust' : kind} ${creatorId} by ${currency} ${groupDigits(amount)}: ${reason}`,
  ),
  policy: writer(
    policySchema,
    ({ from }) => `A new policy from ${from === null ? 'the beginning' : readablePeriod(from)} on`,
  ),
  return: writer(returnSchema, ({ run, creatorId }) => `The payout of ${creatorId} in run ${run} came back`),
  hold: writer(holdSchema, ({ creatorId, reason }) => `Lift the hold “${reason}” of ${creatorId}`),
  payees: writer(payeesSchema, ({ creators }) => {
    const named = creators.slice(0, NAMED).map(({ creatorId }) => creatorId);
    const more = creators.length - named.length;
    return `Change the payment details of ${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
  }),
  revenue: writer(
    revenueSchema,
    ({ period, amount }, currency) =>
      `Book revenue of ${currency} ${groupDigits(amount)} for ${readablePeriod(period)}`,
  ),
  close: writer(closeSchema, ({ period }) => `Close ${readablePeriod(period)}`),
  reversal: writer(reversalSchema, ({ entryKey, reason }) => `Reverse the entry ${entryKey}: ${reason}`),
};
