import { verifiedSchema } from '@rewardbook/contracts/api/verify';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import type { Ledger } from '../service/ledger.ts';
import { verifyProgram } from './verify-program.ts';
import type { VerifyPlace } from './verify-runs.ts';

/** Verification of the books: once at a time, as long as its client waits for it. It reads all that there is. */
export function verifyRoutes(app: App, ledger: Ledger, place: VerifyPlace): void {
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
      const release = place.take();
      try {
        return await verifyProgram(ledger, program, { signal: clientGone(reply) });
      } finally {
        release();
      }
    },
  );
}
