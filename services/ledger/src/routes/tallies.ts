import { toPage } from '@rewardbook/contracts/cursor';
import { programParamsSchema } from '@rewardbook/contracts/slug';
import { talliesPageSchema, talliesQuerySchema } from '@rewardbook/contracts/tallies';
import { requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { listTallies } from '../store/tally-store.ts';
import { requireProgram } from '../use-cases/find-program.ts';
import type { Ledger } from '../use-cases/ledger.ts';
import { assertPeriodOf } from '../use-cases/program-period.ts';
import { cursorKey, textKey } from './lists.ts';

/** Live estimates. */
export function tallyRoutes(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/tallies',
    {
      ...requireScope('read'),
      schema: {
        tags: ['tallies'],
        summary: 'What came in for each creator in a period so far, by creatorId: an estimate, never used for money',
        params: programParamsSchema,
        querystring: talliesQuerySchema,
        response: { 200: talliesPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, period } = request.query;
      const program = await requireProgram(ledger.sql, request.params.program);
      assertPeriodOf(program, period);
      const after = cursorKey(cursor, textKey)?.[0] ?? '';
      const rows = await listTallies(ledger.sql, program.programId, { period, after, limit: limit + 1 });
      return toPage(rows, limit, (item) => [item.creatorId]);
    },
  );
}
