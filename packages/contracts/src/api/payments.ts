import { isValidBIC } from 'ibantools';
import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { readBankAccount } from '../values/bank-account.ts';
import { dateSchema } from '../values/period.ts';
import { runParamsSchema } from './payout-runs.ts';

const PAYMENT_FORMATS = ['csv', 'pain001'] as const;

// What ISO 20022 gives the elements they go into: Max140Text, Max34Text, BICFIDec2014Identifier.
const debtorNameSchema = z
  .string()
  .regex(/^[^\p{Cc}\p{Surrogate}\ufffe\uffff]{1,140}$/u, { error: 'is 1 to 140 characters' });
// An IBAN in groups is longer than the 34 characters that it has at the bank.
const debtorAccountSchema = z
  .string()
  .max(80)
  .transform((text, context) => {
    const read = readBankAccount(text);
    if (read.kind === 'bad-iban') {
      context.addIssue(read.fault);
    }
    return read.account;
  })
  .refine((account) => /^[A-Za-z0-9/?:().,'+ -]{1,34}$/.test(account), { error: 'is 1 to 34 Latin characters' });
const bicSchema = z
  .string()
  .max(80)
  .transform((text) => text.replaceAll(/\s/g, '').toUpperCase())
  .refine(isValidBIC, {
    error:
      'is not a BIC (ISO 9362): 4 letters of the bank, 2 of its country, 2 characters of the place, 3 of a branch if any',
  });

/** Query of a payment file and of its manifest: the same query gives the same bytes until a payout of the run comes back. */
export const paymentsQuerySchema = z.strictObject({
  run: runParamsSchema.shape.run,
  format: z.enum(PAYMENT_FORMATS).default('csv'),
  executionDate: dateSchema
    .optional()
    .describe(
      "pain001: when the bank is to pay; today in the program's time zone where it is not given, never in the past",
    ),
  debtorName: debtorNameSchema.optional().describe("pain001: who pays; the program's name where it is not given"),
  debtorAccount: debtorAccountSchema.optional().describe('pain001: IBAN or another account; NOTPROVIDED without'),
  debtorBic: bicSchema.optional().describe('pain001: of the bank that pays; NOTPROVIDED without'),
});

/** What a payment file must be. */
export const paymentManifestSchema = z.object({
  program: z.string(),
  run: z.string(),
  contentHash: z.string().describe('Of the run as it was approved'),
  entryKey: z.string(),
  status: z.enum(['approved', 'exported']),
  executionDate: z.string().nullable().describe('pain001: the date that the file has; ask for the file with it'),
  files: z.array(
    z.object({
      name: z.string(),
      format: z.enum(PAYMENT_FORMATS),
      currency: z.string(),
      payments: z.int(),
      controlSum: amountOutSchema,
      bytes: z.int(),
      sha256: z.string(),
    }),
  ),
});

export type PaymentsQuery = z.output<typeof paymentsQuerySchema>;
