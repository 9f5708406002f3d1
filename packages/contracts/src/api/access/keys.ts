import { canonicalName } from '@rewardbook/domain/values/canonical-name';
import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../../values/cursor.ts';
import { identifierSchema, MAX_IDENTIFIER_CODE_POINTS } from '../../values/identifier.ts';
import { instantOutSchema } from '../../values/period.ts';
import { programSchema } from '../../values/slug.ts';
import { SCOPES } from './scope.ts';

const scopeSchema = z.enum(SCOPES, { error: `a scope is one of ${SCOPES.join(', ')}` });

/** The name of a key, in the form in which names are shown and compared. */
export const keyNameSchema = identifierSchema.overwrite(canonicalName).check(
  z.minLength(1, { error: 'has nothing that is seen' }),
  z.refine((name) => [...name].length <= MAX_IDENTIFIER_CODE_POINTS, { error: 'is too long once it is written out' }),
);

/** Programs that a key may be bound to. */
const MAX_KEY_PROGRAMS = 100;

/** Body of `POST /v1/keys`. */
export const createKeyBodySchema = z
  .strictObject({
    name: keyNameSchema.describe(
      'Who uses it, as decisions are logged: shown in small letters, without blanks around it and without what is not seen. No other working key has it',
    ),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .refine((scopes) => new Set(scopes).size === scopes.length, { error: 'a scope is there twice' })
      .describe('Only scopes that your own key has'),
    programs: z
      .array(programSchema)
      .min(1)
      .max(MAX_KEY_PROGRAMS)
      .refine((programs) => new Set(programs).size === programs.length, { error: 'a program is there twice' })
      .optional()
      .describe(
        'The key sees and changes these alone; left out: all. A key that is bound itself names some of its own',
      ),
    expiresAt: z.iso
      .datetime({ offset: true, error: 'give an instant of RFC 3339, as 2026-12-31T00:00:00Z' })
      .optional()
      .describe('When it stops working; left out: never'),
  })
  .meta({ id: 'CreateKey' });

export const keyOutSchema = z.object({
  keyId: z.int(),
  name: z.string(),
  scopes: z.array(z.string()),
  programs: z.array(z.string()).nullable().describe('Programs that it sees and changes; null: all'),
  status: z.enum(['working', 'expired', 'revoked']),
  createdAt: instantOutSchema,
  createdBy: z.string().nullable().describe('Name of the key that made it; null where an operator of the database did'),
  expiresAt: instantOutSchema.nullable(),
  revokedAt: instantOutSchema.nullable(),
  revokedBy: z.string().nullable(),
});

/** Answer of `POST /v1/keys`: the only time that the secret is seen. */
export const keyCreatedSchema = keyOutSchema.extend({
  key: z.string().describe('The secret. It is not stored: keep it now'),
});

export const keysQuerySchema = pageQuerySchema;
export const keysPageSchema = pageOf(keyOutSchema);
export const keyParamsSchema = z.object({ keyId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** Answer of `GET /v1/keys/current`: the key that the request came with. */
export const currentKeySchema = keyOutSchema
  .pick({ keyId: true, name: true, scopes: true, programs: true, expiresAt: true })
  .meta({ id: 'CurrentKey' });

export type KeyOut = z.output<typeof keyOutSchema>;
