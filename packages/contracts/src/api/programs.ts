import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../values/cursor.ts';
import { instantOutSchema, periodKindSchema, periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

/** Query of `PUT /v1/programs/:program`; the body is a policy. */
export const putProgramQuerySchema = z.object({
  from: periodSchema
    .optional()
    .describe('First period under this policy; the first that is not closing or closed if left out'),
});

export const policyVersionSchema = z.object({
  version: z.int(),
  validFrom: z.string().nullable().describe('First period under this version; null: from the beginning'),
  policyHash: z.string(),
  createdAt: instantOutSchema,
});

/** A version with its whole policy, defaults filled in. */
export const policyVersionDetailSchema = policyVersionSchema.extend({ policy: z.record(z.string(), z.unknown()) });

export const putProgramResponseSchema = policyVersionSchema.extend({
  program: programSchema,
  changed: z.boolean().describe('False where this policy holds from there already'),
});

export const programOutSchema = z.object({
  program: programSchema,
  name: z.string(),
  currency: z.string(),
  timeZone: z.string(),
  period: periodKindSchema,
  policyVersion: z.int(),
  policyHash: z.string(),
  createdAt: instantOutSchema,
});

export const programsPageSchema = pageOf(programOutSchema);
export const policiesPageSchema = pageOf(policyVersionSchema);
export const programsQuerySchema = pageQuerySchema;
export const policyParamsSchema = z.object({ program: programSchema, version: z.coerce.number().int().min(1) });

export type ProgramOut = z.output<typeof programOutSchema>;
export type PolicyVersionOut = z.output<typeof policyVersionSchema>;
