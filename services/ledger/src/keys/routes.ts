import {
  createKeyBodySchema,
  currentKeySchema,
  type KeyOut,
  keyCreatedSchema,
  keyOutSchema,
  keyParamsSchema,
  keysPageSchema,
  keysQuerySchema,
} from '@rewardbook/contracts/api/access/keys';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { createApiKey, type ListedApiKey, listApiKeys, revokeApiKey } from '@rewardbook/db/api-keys';
import { createKey, keyOf, requireKey, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import type { Ledger } from '../service/ledger.ts';

/** API keys: made, listed and revoked by keys with the scope `approve`; each key may ask what it is itself. */
export function keyRoutes(app: App, { sql }: Ledger, now: () => number): void {
  async function keyById(keyId: number): Promise<KeyOut> {
    const [row] = await listApiKeys(sql, { only: keyId, of: null, after: 0, limit: 1 });
    if (row === undefined) {
      throw new AppError('key-unknown', `There is no key ${keyId}`);
    }
    return toKeyOut(row, now());
  }

  app.post(
    '/v1/keys',
    {
      ...requireScope('approve', 'narrowed'),
      schema: {
        tags: ['access'],
        summary: 'Make an API key; its secret is in this answer and nowhere else',
        description:
          'A key grants only scopes that it has itself, and one that is bound to programs only some of these. Sent again after a lost answer, the name is taken: revoke that key and make another.',
        body: createKeyBodySchema,
        response: { 201: keyCreatedSchema },
      },
    },
    async (request, reply) => {
      const { name, scopes, programs = null, expiresAt } = request.body;
      const until = expiresAt === undefined ? null : new Date(expiresAt);
      if (until !== null && until.getTime() <= now()) {
        throw new AppError('bad-request', `expiresAt ${expiresAt} is in the past; give an instant to come`);
      }
      const { key, hash } = createKey();
      const caller = keyOf(request).keyHash;
      const keyId = await createApiKey(sql, { caller, name, keyHash: hash, scopes, programs, expiresAt: until });
      reply.code(201).header('location', `/v1/keys/${keyId}`).header('cache-control', 'no-store');
      return { ...(await keyById(keyId)), key };
    },
  );

  app.get(
    '/v1/keys',
    {
      ...requireScope('approve', 'narrowed'),
      schema: {
        tags: ['access'],
        summary: 'API keys by keyId, revoked and expired ones too; without their secrets',
        description: 'A key that is bound to programs sees those that are for no others.',
        querystring: keysQuerySchema,
        response: { 200: keysPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = readCursor(cursor, numberKeySchema)?.[0] ?? 0;
      const rows = await listApiKeys(sql, { of: keyOf(request).programs, after, limit: limit + 1 });
      return toPage(
        rows.map((row) => toKeyOut(row, now())),
        limit,
        (item) => [item.keyId],
      );
    },
  );

  app.get(
    '/v1/keys/current',
    {
      ...requireKey(),
      schema: {
        tags: ['access'],
        summary: 'The API key that asks: its name and what it may do; any key that works may ask',
        response: { 200: currentKeySchema },
      },
    },
    async (request, reply) => {
      const { keyId, name, scopes, programs, expiresAt } = keyOf(request);
      reply.header('cache-control', 'no-store');
      return {
        keyId,
        name,
        scopes: [...scopes],
        programs: programs && [...programs],
        expiresAt: expiresAt?.toISOString() ?? null,
      };
    },
  );

  app.delete(
    '/v1/keys/:keyId',
    {
      ...requireScope('approve', 'narrowed'),
      schema: {
        tags: ['access'],
        summary: 'Revoke an API key permanently; after a second it is no longer accepted',
        params: keyParamsSchema,
        response: { 200: keyOutSchema },
      },
    },
    async (request) => {
      const { keyId } = request.params;
      await revokeApiKey(sql, keyOf(request).keyHash, keyId);
      return keyById(keyId);
    },
  );
}

function toKeyOut(row: ListedApiKey, now: number): KeyOut {
  const { keyId, name, scopes, programs, createdAt, createdBy, expiresAt, revokedAt, revokedBy } = row;
  const isExpired = expiresAt !== null && expiresAt.getTime() <= now;
  return {
    keyId,
    name,
    scopes,
    programs,
    status: revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'working',
    createdAt: createdAt.toISOString(),
    createdBy,
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    revokedBy,
  };
}
