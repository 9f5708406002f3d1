import { z } from 'zod';
import { instantOutSchema } from '../values/period.ts';
import { currentKeySchema } from './access/keys.ts';

/** Body of `POST /session` of the console: an API key, or the token of a link that signs in once. */
export const signInBodySchema = z.union([
  z.strictObject({ key: z.string().max(100) }),
  z.strictObject({ token: z.string().max(100) }),
]);

/** Body of `POST /session/person` of the console. */
export const changePersonBodySchema = z.strictObject({
  name: z.string().max(200).describe('One of `people` of the session'),
});

/** Who is signed in to the console. */
export const sessionOutSchema = z.object({
  person: currentKeySchema.describe('The API key that this session acts with, as the ledger knows it now'),
  people: z.array(z.string()).describe('Names that this session may change to, its own among them; mostly empty'),
  expiresAt: instantOutSchema.describe(
    'When the session ends if it is not used; each use puts that off, up to its longest time',
  ),
});

export type SessionOut = z.output<typeof sessionOutSchema>;
