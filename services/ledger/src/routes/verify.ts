import { programParamsSchema } from '@rewardbook/contracts/slug';
import { verifiedSchema } from '@rewardbook/contracts/verify';
import { requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { requireProgram } from '../use-cases/find-program.ts';
import type { Ledger } from '../use-cases/ledger.ts';
import { verifyProgram } from '../verify/verify-program.ts';

/** Verification of the books. */
export function verifyRoutes(app: App, ledger: Ledger): void {
  app.post(
    '/v1/programs/:program/verify',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary: 'Check every invariant of the books, and derive every closed period again from the events',
        params: programParamsSchema,
        response: { 200: verifiedSchema },
      },
    },
    async (request) => verifyProgram(ledger, await requireProgram(ledger.sql, request.params.program)),
  );
}
