import { toPage } from '@rewardbook/contracts/cursor';
import { holdBodySchema, holdSetSchema, holdsPageSchema, holdsQuerySchema } from '@rewardbook/contracts/holds';
import { programParamsSchema } from '@rewardbook/contracts/slug';
import { keyOf, requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { isOnHold, listHolds, setHold } from '../store/hold-store.ts';
import { requireProgram } from '../use-cases/find-program.ts';
import type { Ledger } from '../use-cases/ledger.ts';
import { cursorKey, numberKey } from './lists.ts';

/** Creators who are not to be paid. */
export function holdRoutes(app: App, ledger: Ledger): void {
  app.post(
    '/v1/programs/:program/holds',
    {
      ...requireScope('operate'),
      schema: {
        tags: ['payouts'],
        summary: 'Place or lift a hold; a creator is not paid while any reason is in force',
        params: programParamsSchema,
        body: holdBodySchema,
        response: { 200: holdSetSchema, 201: holdSetSchema },
      },
    },
    async (request, reply) => {
      const { creatorId, reason, note } = request.body;
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const action = request.body.action === 'place' ? 'placed' : 'lifted';
      const actor = keyOf(request).keyHash;
      const changed = await setHold(ledger.sql, { programId, creatorId, action, reason, note: note ?? null, actor });
      reply.code(changed ? 201 : 200);
      return { creatorId, reason, isOnHold: await isOnHold(ledger.sql, programId, creatorId), repeated: !changed };
    },
  );

  app.get(
    '/v1/programs/:program/holds',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'Holds in force, or the whole history',
        params: programParamsSchema,
        querystring: holdsQuerySchema,
        response: { 200: holdsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, creator, inForce } = request.query;
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const rows = await listHolds(ledger.sql, programId, {
        ...(creator === undefined ? {} : { creatorId: creator }),
        inForce,
        after: cursorKey(cursor, numberKey)?.[0] ?? 0,
        limit: limit + 1,
      });
      const items = rows.map((row) => ({ ...row, at: row.at.toISOString() }));
      return toPage(items, limit, (item) => [item.number]);
    },
  );
}
