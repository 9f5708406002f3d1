import { PAYOUT_STATUSES, RUN_STATUSES } from '@rewardbook/domain/payouts/payout-status';
import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { countrySchema } from '../values/country.ts';
import { pageOf } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { instantOutSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

const runStatusSchema = z.enum(RUN_STATUSES);
export const payoutStatusSchema = z
  .enum(PAYOUT_STATUSES)
  .describe('`waiting` has a reason; `due` is in a draft; the others are those of its run, unless it was returned');

/** Why something is done, in a person's words. */
export const reasonSchema = z
  .string()
  .trim()
  .min(1, { error: 'say why' })
  .max(500)
  .regex(/^[^\p{Cc}\p{Surrogate}]*$/u, { error: 'has a control character' });

const runIdSchema = z
  .string()
  .regex(/^[0-9W-]{6,24}$/, { error: 'a run is its period and a number, as 2026-10-1' })
  .meta({ examples: ['2026-10-1'] });
const contentHashSchema = z.string().regex(/^[0-9a-f]{64}$/, { error: 'a SHA-256 in lower-case hex' });

/** A payout run. Totals are those of what is due in it, as it was drafted. */
export const runOutSchema = z.object({
  runId: z.string(),
  period: z.string().describe('The latest period that was closed'),
  status: runStatusSchema,
  currency: z.string(),
  policyVersion: z.int(),
  contentHash: z.string().describe('SHA-256 of its header and rows: what is approved'),
  payoutCount: z.int(),
  waitingCount: z.int(),
  returnedCount: z.int(),
  gross: amountOutSchema,
  withheld: amountOutSchema,
  net: amountOutSchema,
  returned: amountOutSchema.describe('Net of the payouts that came back'),
  settled: amountOutSchema.nullable().describe('What went to the bank'),
  draftedBy: z.string(),
  draftedAt: instantOutSchema,
  approvedBy: z.string().nullable(),
  entryKey: z.string().nullable(),
  settlementKey: z.string().nullable(),
});

/** A decision on a run: who, when, and the hash of what it was about. */
const decisionOutSchema = z.object({
  decision: z.string(),
  actor: z.string(),
  at: instantOutSchema,
  contentHash: z.string(),
  note: z.string().nullable(),
});

export const runDetailSchema = runOutSchema.extend({ decisions: z.array(decisionOutSchema) });
export const runsPageSchema = pageOf(runOutSchema);
export const runParamsSchema = z.object({ program: programSchema, run: runIdSchema });

/** Answer of a command on a run; `repeated` where it had that effect before. */
export const runChangedSchema = runOutSchema.extend({ repeated: z.boolean() });

/** What a creator in a run was to get, and what is withheld of it. */
export const payoutTermsShape = {
  available: amountOutSchema,
  gross: amountOutSchema,
  taxedBefore: amountOutSchema.describe(
    'Of gross: what came back earlier net of a tax that was remitted; nothing is withheld of it again',
  ),
  withheld: amountOutSchema,
  net: amountOutSchema,
  taxCountry: z.string().nullable(),
};

/** A creator in a run. */
export const payoutOutSchema = z.object({
  payoutId: z.string().nullable().describe('null where it waits'),
  creatorId: z.string(),
  status: payoutStatusSchema,
  reason: z.string().nullable(),
  ...payoutTermsShape,
  payee: z.string().nullable(),
  account: z.string().nullable(),
});
export const payoutsPageSchema = pageOf(payoutOutSchema);

export const approveBodySchema = z
  .strictObject({ contentHash: contentHashSchema.describe('Of the run as it was read: another one is refused') })
  .meta({ id: 'ApproveRun' });
export const discardBodySchema = z.strictObject({ reason: reasonSchema }).meta({ id: 'DiscardRun' });
export const settleBodySchema = z
  .strictObject({ reference: identifierSchema.optional().describe("The bank's reference") })
  .meta({ id: 'SettleRun' });
export const returnBodySchema = z
  .strictObject({ creatorId: identifierSchema, reason: reasonSchema })
  .meta({ id: 'ReturnPayout' });

/** What came of returning a payout. */
export const returnedSchema = z.object({
  runId: z.string(),
  payoutId: z.string(),
  creatorId: z.string(),
  entryKey: z.string(),
  net: amountOutSchema,
  taxBack: amountOutSchema.describe('0 where the tax had been remitted'),
  afterSettling: z.boolean(),
  repeated: z.boolean(),
});

export const remitBodySchema = z
  .strictObject({
    country: countrySchema,
    run: runIdSchema.optional().describe('Only what this run withheld; all that is due otherwise'),
    reference: identifierSchema,
  })
  .meta({ id: 'RemitTax' });
export const remittedSchema = z.object({
  entryKey: z.string(),
  country: z.string(),
  run: z.string().nullable(),
  currency: z.string(),
  amount: amountOutSchema,
  repeated: z.boolean(),
});

/** Tax that was withheld and is neither returned nor remitted, by run and country. */
const taxDueOutSchema = z.object({
  runId: z.string(),
  country: z.string(),
  currency: z.string(),
  amount: amountOutSchema,
});
export const taxDueSchema = z.object({ items: z.array(taxDueOutSchema) });

export type RunOut = z.output<typeof runOutSchema>;
export type PayoutOut = z.output<typeof payoutOutSchema>;
