import {
  allocationFilterSchema,
  allocationsPageSchema,
  allocationsQuerySchema,
  allocationTotalsSchema,
} from '@rewardbook/contracts/api/allocations';
import { periodParamsSchema } from '@rewardbook/contracts/api/periods';
import { excludedSchema, metricsSchema, periodOutcomeSchema } from '@rewardbook/contracts/api/result';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { type FinishedClose, findClose } from '@rewardbook/db/books/closes';
import { type Program, requireProgram } from '@rewardbook/db/books/program';
import { listAllocations, sumAllocations } from '@rewardbook/db/lists/allocations';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { readSortedCursor, sortedKey, startFrom } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import type { Ledger } from '../service/ledger.ts';
import { summaryOf } from './read-result.ts';

/** What a close gave: as a whole, and to whom, page by page. */
export function allocationRoutes(app: App, ledger: Ledger): void {
  outcomeRoute(app, ledger);
  allocationsRoute(app, ledger);
  allocationTotalsRoute(app, ledger);
}

function outcomeRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods/:period/outcome',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'The result of a closed period without its creators: for those see its allocations',
        params: periodParamsSchema,
        response: { 200: periodOutcomeSchema },
      },
    },
    async (request) => {
      const { program, close } = await requireClosed(ledger, request.params);
      return {
        ...summaryOf(program, close),
        excluded: z.array(excludedSchema).parse(JSON.parse(close.excluded)),
        metrics: metricsSchema.parse(JSON.parse(close.metrics)),
      };
    },
  );
}

function allocationsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods/:period/allocations',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'What a close gave to whom: sorted, filtered, searched',
        params: periodParamsSchema,
        querystring: allocationsQuerySchema,
        response: { 200: allocationsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, sort, order, from, ...filter } = request.query;
      const { program, close } = await requireClosed(ledger, request.params);
      const by = { sort, order, isById: sort === 'creator' };
      const rows = await listAllocations(
        ledger.sql,
        { programId: program.programId, attemptId: close.attemptId, filter },
        { sort, order, from: startFrom(by, from), after: readSortedCursor(cursor, by), limit: limit + 1 },
      );
      const items = rows.map((row) => ({ ...row, amount: moneyOf(program, row.amount) }));
      return toPage(items, limit, (item) =>
        sortedKey(by, sort === 'creator' ? item.creatorId : item[sort], item.creatorId),
      );
    },
  );
}

function allocationTotalsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods/:period/allocations/totals',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'How many allocations of a close a filter leaves, and the sums of their columns',
        params: periodParamsSchema,
        querystring: allocationFilterSchema,
        response: { 200: allocationTotalsSchema },
      },
    },
    async (request) => {
      const { program, close } = await requireClosed(ledger, request.params);
      const scope = { programId: program.programId, attemptId: close.attemptId, filter: request.query };
      const totals = await sumAllocations(ledger.sql, scope);
      return { ...totals, amount: moneyOf(program, totals.amount) };
    },
  );
}

/** @throws AppError `program-unknown`, `not-closed` */
async function requireClosed(
  { sql }: Ledger,
  { program: slug, period }: { readonly program: string; readonly period: string },
): Promise<{ readonly program: Program; readonly close: FinishedClose }> {
  const program = await requireProgram(sql, slug);
  const close = await findClose(sql, program.programId, period);
  if (close?.status !== 'closed') {
    throw new AppError('not-closed', `Period ${period} is not closed; a dry run shows its result so far`);
  }
  return { program, close };
}

function moneyOf({ currency }: Program, text: string): string {
  return formatAmount(parseAmount(text, currency), currency);
}
