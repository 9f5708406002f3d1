import { holdBodySchema, holdSetSchema, holdsPageSchema, holdsQuerySchema } from '@rewardbook/contracts/api/holds';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import { gatedRoute } from '../approvals/gated-routes.ts';
import { toApprovalNeeded } from '../approvals/request-out.ts';
import type { Ledger } from '../service/ledger.ts';
import { setHold } from './set-hold.ts';
import { listHolds } from './sql.ts';

/** Creators who are not to be paid. */
export function holdRoutes(app: App, ledger: Ledger, now: () => number): void {
  app.post(
    '/v1/programs/:program/holds',
    gatedRoute(holdBodySchema, holdSetSchema, {
      tags: ['payouts'],
      summary: 'Place or lift a hold; a creator is not paid while any reason is in force',
      description: 'Lifting answers 202 with the request where a second person has to approve first.',
    }),
    async (request, reply) => {
      const { program } = request.params;
      const answer = await setHold(ledger, program, request.body, { actor: keyOf(request).keyHash, now: now() });
      if (!answer.done) {
        return reply.code(202).send(toApprovalNeeded(program, answer.request, keyOf(request)));
      }
      return reply.code(answer.value.repeated ? 200 : 201).send(answer.value);
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
        after: readCursor(cursor, numberKeySchema)?.[0] ?? 0,
        limit: limit + 1,
      });
      const items = rows.map((row) => ({ ...row, at: row.at.toISOString() }));
      return toPage(items, limit, (item) => [item.number]);
    },
  );
}
