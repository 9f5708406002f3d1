import {
  statementLinesPageSchema,
  statementLinesQuerySchema,
  statementParamsSchema,
} from '@rewardbook/contracts/api/reconciliation';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { requireProgram } from '@rewardbook/db/books/program';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import type { Ledger } from '../service/ledger.ts';
import { placeOf, readStatementLines } from './reconcile.ts';

/** A statement line by line, each next to what the books say of its reference. */
export function statementLineRoutes(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/reconciliations/:period/statements/:import/lines',
    {
      ...requireScope('read'),
      schema: {
        tags: ['reconciliation'],
        summary:
          'Lines of a statement that counts, in the order of its file, each with what the books say of its reference',
        params: statementParamsSchema,
        querystring: statementLinesQuerySchema,
        response: { 200: statementLinesPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const program = await requireProgram(ledger.sql, request.params.program);
      const items = await readStatementLines(ledger, program, placeOf(program, request.params.period), {
        importId: request.params.import,
        after: readCursor(cursor, numberKeySchema)?.[0] ?? 0,
        limit: limit + 1,
      });
      return toPage(items, limit, (item) => [item.line]);
    },
  );
}
