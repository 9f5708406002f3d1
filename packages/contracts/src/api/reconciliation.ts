import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { instantOutSchema, periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

/** What a statement shows: what the ad platform pays for, or what went through the bank account. */
export const STATEMENT_KINDS = ['revenue', 'settlements'] as const;
const statementKindSchema = z.enum(STATEMENT_KINDS);

/** Why a reference is not the same in statement and books. */
export const DIFFERENCES = [
  'duplicate-reference',
  'wrong-currency',
  'wrong-period',
  'missing-in-books',
  'missing-in-statement',
  'amount-differs',
] as const;
export const differenceSchema = z.enum(DIFFERENCES);

export const reconciliationParamsSchema = z.object({ program: programSchema, period: periodSchema });

/** Query of `POST …/statements`. */
export const importStatementQuerySchema = z.object({
  kind: statementKindSchema,
  source: identifierSchema
    .default('default')
    .describe('Whose statement it is, where there are several; a newer one of the same source takes its place'),
  reverseSigns: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('The statement shows money out as positive'),
});

export const statementOutSchema = z.object({
  importId: z.int(),
  kind: statementKindSchema,
  source: z.string(),
  fileSha256: z.string(),
  signsReversed: z.boolean(),
  lines: z.int(),
  importedBy: z.string(),
  importedAt: instantOutSchema,
});

export const statementImportedSchema = statementOutSchema.extend({
  repeated: z.boolean().describe('The same file was imported before: nothing has changed'),
  current: z.boolean().describe('False where a newer file of the source has taken its place'),
});

const markOutSchema = z.object({
  by: z.string(),
  at: instantOutSchema,
  hash: z.string(),
  note: z.string().nullable(),
});

export const reconciliationOutSchema = z.object({
  program: programSchema,
  period: z.string(),
  status: z
    .enum(['no-statement', 'open', 'resolved', 'reconciled'])
    .describe('resolved: nothing is open and it can be marked; reconciled: a person has marked just this'),
  matched: z.int().describe('References that agree'),
  open: z.int().describe('Differences that nobody has resolved'),
  explained: z.int(),
  hash: z.string().describe('Of all that was compared: files, entries, explanations'),
  statements: z.array(statementOutSchema).describe('Those that count'),
  marked: markOutSchema
    .nullable()
    .describe('The last time that a person marked it; `hash` tells whether it is still the same'),
});

/** A reference that differs, in one way. Amounts as the account sees them: revenue positive as it earns, cash positive in. */
export const differenceOutSchema = z.object({
  kind: statementKindSchema,
  reference: z.string(),
  difference: differenceSchema,
  statement: z
    .array(
      z.object({
        importId: z.int(),
        line: z.int().describe('Line of the file'),
        date: z.string(),
        amount: amountOutSchema,
        currency: z.string(),
      }),
    )
    .describe('The first ten lines of this reference'),
  statementLines: z.int(),
  bookAmount: amountOutSchema.nullable(),
  bookEntries: z.array(z.string()).describe('Keys of the entries of this reference in the period'),
  explanation: z.object({ note: z.string(), by: z.string(), at: instantOutSchema }).nullable(),
});

export const differencesQuerySchema = pageQuerySchema.extend({
  open: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Only those that nobody has resolved'),
});
export const differencesPageSchema = pageOf(differenceOutSchema);

/** A line of a statement that counts, and what the books say of its reference. */
export const statementLineOutSchema = z.object({
  line: z.int().describe('Line of the file'),
  reference: z.string(),
  date: z.string(),
  amount: amountOutSchema.describe('As the account sees it, also where the statement has its signs reversed'),
  currency: z.string(),
  bookAmount: amountOutSchema.nullable().describe('Of all entries of this reference in the period'),
  bookEntries: z.array(z.string()).describe('Keys of these entries'),
  differences: z.array(differenceSchema).describe('How the reference differs; none: it agrees'),
});
export const statementLinesPageSchema = pageOf(statementLineOutSchema);
export const statementParamsSchema = reconciliationParamsSchema.extend({
  import: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('`importId` of the statement'),
});
export const statementLinesQuerySchema = pageQuerySchema;

/** Body of `POST …/explanations`. */
export const explanationBodySchema = z
  .strictObject({
    kind: statementKindSchema,
    reference: identifierSchema,
    difference: differenceSchema.optional().describe('Left out: all differences of the reference'),
    reason: z
      .string()
      .trim()
      .min(3, { error: 'say why, in 3 characters or more' })
      .max(1000)
      .regex(/^\P{Cc}*$/u, { error: 'has a control character' }),
  })
  .meta({ id: 'DifferenceExplanation' });

/** Body of `POST …/mark`. */
export const markBodySchema = z
  .strictObject({
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'give the hash of the reconciliation as it was looked at' })
      .describe('Of what was looked at: refused where it has changed since'),
    note: z.string().max(1000).optional(),
  })
  .meta({ id: 'ReconciliationMark' });

export type ReconciliationOut = z.output<typeof reconciliationOutSchema>;
export type DifferenceOut = z.output<typeof differenceOutSchema>;
export type StatementLineOut = z.output<typeof statementLineOutSchema>;
export type StatementOut = z.output<typeof statementOutSchema>;
