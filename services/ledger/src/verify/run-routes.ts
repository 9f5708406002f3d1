import {
  type VerifyRunOut,
  verifyRunOutSchema,
  verifyRunParamsSchema,
  verifyRunsPageSchema,
} from '@rewardbook/contracts/api/verify';
import { pageQuerySchema, toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { BooksRefused } from '@rewardbook/db/errors';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import type { Ledger } from '../service/ledger.ts';
import { toVerifyRunOut } from './run-out.ts';
import { cancelVerifyRun, findVerifyRun, listVerifyRuns } from './runs-sql.ts';
import type { VerifyRuns } from './verify-runs.ts';

/** Verification as a job, which goes on without its client. */
export function verifyRunRoutes(app: App, ledger: Ledger, runs: VerifyRuns): void {
  startRoute(app, ledger, runs);
  listRoute(app, ledger);
  runRoute(app, ledger);
  cancelRoute(app, ledger);
}

function startRoute(app: App, ledger: Ledger, runs: VerifyRuns): void {
  app.post(
    '/v1/programs/:program/verify-runs',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary: 'Start to check every invariant of the books, and to derive every closed period again from the events',
        description:
          'Answers with the verification that is under way, if there is one: a program has one at a time. Poll it, or listen to `live`.',
        params: programParamsSchema,
        response: { 202: verifyRunOutSchema },
      },
    },
    async (request, reply) => {
      const program = await requireProgram(ledger.sql, request.params.program);
      const run = await runs.start(program, keyOf(request).keyHash);
      const out = await requireRun(ledger, program.programId, run);
      return reply.code(202).header('location', `/v1/programs/${program.slug}/verify-runs/${run}`).send(out);
    },
  );
}

function listRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/verify-runs',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary: 'Verifications, the newest first; the last hundred are kept',
        params: programParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: verifyRunsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const before = readCursor(cursor, numberKeySchema)?.[0];
      const rows = await listVerifyRuns(ledger.sql, programId, { before, limit: limit + 1 });
      return toPage(rows.map(toVerifyRunOut), limit, ({ run }) => [run]);
    },
  );
}

function runRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/verify-runs/:run',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary: 'A verification: how far it is, or what it found',
        params: verifyRunParamsSchema,
        response: { 200: verifyRunOutSchema },
      },
    },
    async (request) => {
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      return requireRun(ledger, programId, request.params.run);
    },
  );
}

function cancelRoute(app: App, ledger: Ledger): void {
  app.delete(
    '/v1/programs/:program/verify-runs/:run',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary:
          'End a verification that is under way; it ends within a second or two, and one that has ended stays unchanged',
        params: verifyRunParamsSchema,
        response: { 202: verifyRunOutSchema },
      },
    },
    async (request, reply) => {
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const { run } = request.params;
      await cancelVerifyRun(ledger.sql, programId, run, keyOf(request).keyHash);
      return reply.code(202).send(await requireRun(ledger, programId, run));
    },
  );
}

async function requireRun(ledger: Ledger, programId: number, run: number): Promise<VerifyRunOut> {
  const found = await findVerifyRun(ledger.sql, programId, run);
  if (found === undefined) {
    throw new BooksRefused('verify-run-unknown', `There is no verification ${run} of this program`);
  }
  return toVerifyRunOut(found);
}
