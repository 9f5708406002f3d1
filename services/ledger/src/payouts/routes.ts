import { payoutFilterSchema, payoutsQuerySchema, payoutTotalsSchema } from '@rewardbook/contracts/api/payout-list';
import {
  payoutsPageSchema,
  runChangedSchema,
  runDetailSchema,
  runParamsSchema,
  runsPageSchema,
} from '@rewardbook/contracts/api/payout-runs';
import { pageQuerySchema, toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { listDecisions, listRuns, requireRun } from '@rewardbook/db/books/runs';
import { listPayouts, sumPayouts } from '@rewardbook/db/lists/payouts';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import {
  numberKeySchema,
  readCursor,
  readSortedCursor,
  sortedKey,
  startFrom,
} from '@rewardbook/runtime/http/page-cursor';
import type { Ledger } from '../service/ledger.ts';
import { toPayoutOut, toPayoutTotals, toRunOut } from './payout-run-out.ts';
import { draftRun } from './payout-runs.ts';

/** Payout runs: drafting and reading them. */
export function payoutRunRoutes(app: App, ledger: Ledger, now: () => number): void {
  draftRoute(app, ledger, now);
  runsRoute(app, ledger);
  runRoute(app, ledger);
  payoutsRoute(app, ledger);
  payoutTotalsRoute(app, ledger);
}

function draftRoute(app: App, ledger: Ledger, now: () => number): void {
  app.post(
    '/v1/programs/:program/payout-runs',
    {
      ...requireScope('operate'),
      schema: {
        tags: ['payouts'],
        summary: 'Draft a payout run from the current balances; nothing is posted',
        description: 'The same draft again by the same key, with nothing posted in between, returns the existing one.',
        params: programParamsSchema,
        response: { 200: runChangedSchema, 201: runChangedSchema },
      },
    },
    async (request, reply) => {
      const { program } = request.params;
      const { currency } = await requireProgram(ledger.sql, program);
      const run = await draftRun(ledger, program, { actor: keyOf(request).keyHash, now: now() });
      reply.code(run.repeated ? 200 : 201).header('location', `/v1/programs/${program}/payout-runs/${run.runId}`);
      return { ...toRunOut(run, currency), repeated: run.repeated };
    },
  );
}

function runsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/payout-runs',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'Payout runs in order',
        params: programParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: runsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const after = readCursor(cursor, numberKeySchema)?.[0] ?? 0;
      const rows = await listRuns(ledger.sql, programId, { after, limit: limit + 1 });
      const page = toPage(rows, limit, (row) => [row.runNumber]);
      return { ...page, items: page.items.map((row) => toRunOut(row, currency)) };
    },
  );
}

function runRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/payout-runs/:run',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'A payout run with the decisions on it',
        params: runParamsSchema,
        response: { 200: runDetailSchema },
      },
    },
    async (request) => {
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const run = await requireRun(ledger.sql, programId, request.params.run);
      const decisions = await listDecisions(ledger.sql, programId, run.runNumber, null);
      return {
        ...toRunOut(run, currency),
        decisions: decisions.map((decision) => ({ ...decision, at: decision.at.toISOString() })),
      };
    },
  );
}

function payoutsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/payout-runs/:run/payouts',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'Creators in a payout run, with what they get or why they wait: sorted, filtered, searched',
        params: runParamsSchema,
        querystring: payoutsQuerySchema,
        response: { 200: payoutsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, sort, order, from, ...filter } = request.query;
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const run = await requireRun(ledger.sql, programId, request.params.run);
      const by = { sort, order, isById: sort === 'creator' };
      const rows = await listPayouts(
        ledger.sql,
        { programId, runNumber: run.runNumber, filter },
        { sort, order, from: startFrom(by, from), after: readSortedCursor(cursor, by), limit: limit + 1 },
      );
      return toPage(
        rows.map((row) => toPayoutOut(run, row, currency)),
        limit,
        (item) => sortedKey(by, sort === 'creator' ? item.creatorId : item[sort], item.creatorId),
      );
    },
  );
}

function payoutTotalsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/payout-runs/:run/payouts/totals',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'How many payouts of a run a filter leaves, and the sums of their columns',
        params: runParamsSchema,
        querystring: payoutFilterSchema,
        response: { 200: payoutTotalsSchema },
      },
    },
    async (request) => {
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const run = await requireRun(ledger.sql, programId, request.params.run);
      const scope = { programId, runNumber: run.runNumber, filter: request.query };
      return toPayoutTotals(await sumPayouts(ledger.sql, scope), currency);
    },
  );
}
