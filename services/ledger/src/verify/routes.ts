import { verifiedSchema } from '@rewardbook/contracts/api/verify';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Ledger } from '../service/ledger.ts';
import { verifyProgram } from './verify-program.ts';

/** Verification of the books: once at a time, as long as its client waits for it. It reads all that there is. */
export function verifyRoutes(app: App, ledger: Ledger): void {
  let verifying = false;
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
    async (request, reply) => {
      const program = await requireProgram(ledger.sql, request.params.program);
      if (verifying) {
        const message = 'A verification is under way already; try again when it is done';
        throw new AppError('overloaded', message, { retryAfterSeconds: 5 });
      }
      verifying = true;
      try {
        return await verifyProgram(ledger, program, clientGone(reply));
      } finally {
        verifying = false;
      }
    },
  );
}
