import { talliesPageSchema, talliesQuerySchema } from '@rewardbook/contracts/api/tallies';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { assertPeriodOf } from '@rewardbook/domain/values/period';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { readCursor, textKeySchema } from '@rewardbook/runtime/http/page-cursor';
import type { Ledger } from '../service/ledger.ts';
import { listTallies } from './sql.ts';

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
      const after = readCursor(cursor, textKeySchema)?.[0] ?? '';
      const rows = await listTallies(ledger.sql, program.programId, { period, after, limit: limit + 1 });
      return toPage(rows, limit, (item) => [item.creatorId]);
    },
  );
}
