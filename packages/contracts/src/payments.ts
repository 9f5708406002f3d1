import { z } from 'zod';
import { amountOut } from './amounts.ts';
import { runParamsSchema } from './payout-runs.ts';
import { dateSchema } from './period.ts';

export const PAYMENT_FORMATS = ['csv', 'pain001'] as const;
export type PaymentFormat = (typeof PAYMENT_FORMATS)[number];

// What ISO 20022 gives the elements they go into: Max140Text, Max34Text, BICFIDec2014Identifier.
const debtorNameSchema = z
  .string()
  .regex(/^[^\p{Cc}\p{Surrogate}\ufffe\uffff]{1,140}$/u, { error: 'is 1 to 140 characters' });
const debtorAccountSchema = z
  .string()
  .regex(/^[A-Za-z0-9/?:().,'+ -]{1,34}$/, { error: 'is 1 to 34 Latin characters' });
const bicSchema = z
  .string()
  .regex(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/, { error: 'is 8 or 11 capitals and digits' });

/** Query of a payment file and of its manifest: the same query gives the same bytes until a payout of the run comes back. */
export const paymentsQuerySchema = z
  .strictObject({
    run: runParamsSchema.shape.run,
    format: z.enum(PAYMENT_FORMATS).default('csv'),
    executionDate: dateSchema.optional().describe('pain001: when the bank is to pay'),
    debtorName: debtorNameSchema.optional().describe("pain001: who pays; the program's name where it is not given"),
    debtorAccount: debtorAccountSchema.optional().describe('pain001: IBAN or another account; NOTPROVIDED without'),
    debtorBic: bicSchema.optional().describe('pain001: of the bank that pays; NOTPROVIDED without'),
  })
  .refine(({ format, executionDate }) => format !== 'pain001' || executionDate !== undefined, {
    path: ['executionDate'],
    error: 'pain001 needs the date on which the bank is to pay',
  });

/** What a payment file must be. */
export const paymentManifestSchema = z.object({
  program: z.string(),
  run: z.string(),
  contentHash: z.string().describe('Of the run as it was approved'),
  entryKey: z.string(),
  status: z.enum(['approved', 'exported']),
  files: z.array(
    z.object({
      name: z.string(),
      format: z.enum(PAYMENT_FORMATS),
      currency: z.string(),
      payments: z.int(),
      controlSum: amountOut,
      bytes: z.int(),
      sha256: z.string(),
    }),
  ),
});

export type PaymentsQuery = z.output<typeof paymentsQuerySchema>;
export type PaymentManifest = z.output<typeof paymentManifestSchema>;
