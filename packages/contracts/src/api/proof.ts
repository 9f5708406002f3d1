import { PROOF_KIND } from '@rewardbook/domain/proofs/verify-proof';
import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { decimalOutSchema } from '../values/decimal.ts';
import { identifierSchema } from '../values/identifier.ts';
import { pathPart } from '../values/path-part.ts';
import { periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

const hashOut = z.string().regex(/^[0-9a-f]{64}$/);

/** A creator at a closed period. */
export const proofParamsSchema = z.object({
  program: programSchema,
  period: periodSchema,
  creator: pathPart(identifierSchema),
});

/** A creator's proof of payout. Its text is checked byte by byte, so keep the answer's body unchanged. */
export const payoutProofSchema = z
  .object({
    proof: z.literal(PROOF_KIND),
    program: z.string(),
    period: z.string(),
    currency: z.string(),
    root: hashOut.describe('As in the close’s entry: proofRoot'),
    total: amountOutSchema.describe('What all creators got together: proofTotal'),
    leaves: z.int(),
    creatorId: z.string(),
    points: decimalOutSchema,
    amount: amountOutSchema,
    salt: hashOut,
    parts: z.array(
      z.object({
        index: z.int(),
        amount: amountOutSchema,
        path: z.array(z.object({ hash: hashOut, sum: amountOutSchema })).describe('From the leaf up'),
      }),
    ),
  })
  .meta({ id: 'PayoutProof' });
