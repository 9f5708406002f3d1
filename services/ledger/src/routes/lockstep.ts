import { toPage } from '@rewardbook/contracts/cursor';
import { periodParamsSchema, periodsQuerySchema } from '@rewardbook/contracts/periods';
import { lockstepPageSchema } from '@rewardbook/contracts/result';
import { requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/errors';
import { findPeriod } from '../store/period-store.ts';
import { listLockstep } from '../store/viewer-store.ts';
import { requireProgram } from '../use-cases/find-program.ts';
import type { Ledger } from '../use-cases/ledger.ts';
import { cursorKey, numberKey } from './lists.ts';

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
      const row = await findPeriod(ledger.sql, programId, period);
      if (row === undefined || row.foldId === null) {
        throw new AppError('not-closed', `Period ${period} is not closed; a dry run shows where it stands`);
      }
      const after = cursorKey(cursor, numberKey)?.[0] ?? 0;
      const groups = await listLockstep(ledger.sql, programId, row.foldId, { after, limit: limit + 1 });
      const items = groups.map(({ number, viewers, links, matches }) => {
        return { number, viewers: [...viewers], links, matches };
      });
      return toPage(items, limit, (item) => [item.number]);
    },
  );
}
