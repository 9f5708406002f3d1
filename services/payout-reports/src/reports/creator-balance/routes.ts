import { creatorBalanceSchema, creatorParamsSchema } from '@rewardbook/contracts/api/creator-balance';
import type { Sql } from '@rewardbook/db/client';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import type { ReportSource } from '../../service/read-cursor.ts';
import { openReport } from '../../service/report-context.ts';
import { creatorBalance } from './creator-balance.ts';

export function registerCreatorBalance(app: App, sql: Sql, source: ReportSource): void {
  app.get(
    '/v1/programs/:program/creators/:creator/balance',
    {
      ...requireScope('read'),
      schema: {
        tags: ['reports'],
        summary: 'Where a creator’s money is: estimated, final, held, payable, on hold, in runs, paid, returned, owed',
        params: creatorParamsSchema,
        response: { 200: creatorBalanceSchema },
      },
    },
    async (request) => {
      const { program, creator } = request.params;
      return creatorBalance(await openReport(sql, source, program), creator);
    },
  );
}
