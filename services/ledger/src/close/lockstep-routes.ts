import { periodParamsSchema, periodsQuerySchema } from '@rewardbook/contracts/api/periods';
import { lockstepPageSchema } from '@rewardbook/contracts/api/result';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { findClose } from '@rewardbook/db/books/closes';
import { requireProgram } from '@rewardbook/db/books/program';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import type { Ledger } from '../service/ledger.ts';
import { listLockstep } from './sql/viewers.ts';

/** Viewers in lockstep, for a person to look at. */
export function lockstepRoutes(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods/:period/lockstep',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'Groups of viewers who did the same at the same time, by the policy’s rule lockstep',
        description:
          'Only a report: times come from outside, and a bot can mimic the fans of a rival. Who has looked may block viewers.',
        params: periodParamsSchema,
        querystring: periodsQuerySchema,
        response: { 200: lockstepPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const { period } = request.params;
      const close = await findClose(ledger.sql, programId, period);
      if (close?.status !== 'closed') {
        throw new AppError('not-closed', `Period ${period} is not closed; a dry run shows its result so far`);
      }
      const after = readCursor(cursor, numberKeySchema)?.[0] ?? 0;
      const groups = await listLockstep(ledger.sql, programId, close.attemptId, { after, limit: limit + 1 });
      const items = groups.map(({ number, viewers, links, matches }) => {
        return { number, viewers: [...viewers], links, matches };
      });
      return toPage(items, limit, (item) => [item.number]);
    },
  );
}
