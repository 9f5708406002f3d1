import { runParamsSchema } from '@rewardbook/contracts/api/payout-runs';
import {
  CHANGE_KINDS,
  changedPayoutsPageSchema,
  changedPayoutsQuerySchema,
  runChangesSchema,
} from '@rewardbook/contracts/api/run-changes';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { requireProgram } from '@rewardbook/db/books/program';
import { requireRun } from '@rewardbook/db/books/runs';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { readSortedCursor, sortedKey } from '@rewardbook/runtime/http/page-cursor';
import type { Ledger } from '../service/ledger.ts';
import { type ComparedRuns, findRunBefore, listChanges, sumChanges } from './change-sql.ts';
import { moneyOut } from './payout-run-out.ts';

/** What is other in a run than in the one before. */
export function runChangeRoutes(app: App, ledger: Ledger): void {
  changesRoute(app, ledger);
  changedPayoutsRoute(app, ledger);
}

function changesRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/payout-runs/:run/changes',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'What a run pays beside the run before: who is new, gone, gets more or less, and how much in all',
        params: runParamsSchema,
        response: { 200: runChangesSchema },
      },
    },
    async (request) => {
      const { runs, previousRun, currency } = await compareRuns(ledger, request.params);
      const summed = new Map((await sumChanges(ledger.sql, runs)).map((one) => [one.kind, one]));
      const kinds = CHANGE_KINDS.map((kind) => {
        const { creators, ...sums } = summed.get(kind) ?? { creators: 0, before: '0', now: '0', difference: '0' };
        return { kind, creators, ...comparedOut(sums, currency) };
      });
      const all = (column: 'before' | 'now' | 'difference'): string =>
        formatAmount(
          kinds.reduce((sum, one) => sum + parseAmount(one[column], currency), 0n),
          currency,
        );
      return {
        runId: request.params.run,
        previousRun,
        currency: currency.code,
        kinds,
        before: all('before'),
        now: all('now'),
        difference: all('difference'),
      };
    },
  );
}

function changedPayoutsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/payout-runs/:run/changes/creators',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'What a run pays each creator beside the run before: sorted, filtered, searched',
        params: runParamsSchema,
        querystring: changedPayoutsQuerySchema,
        response: { 200: changedPayoutsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, sort, order, ...filter } = request.query;
      const { runs, currency } = await compareRuns(ledger, request.params);
      const by = { sort, order, isById: sort === 'creator' };
      const page = { sort, order, after: readSortedCursor(cursor, by), limit: limit + 1 };
      const rows = await listChanges(ledger.sql, runs, filter, page);
      const items = rows.map(({ creatorId, kind, ...sums }) => ({ creatorId, kind, ...comparedOut(sums, currency) }));
      return toPage(items, limit, (item) =>
        sortedKey(by, sort === 'creator' ? item.creatorId : item.difference, item.creatorId),
      );
    },
  );
}

interface Compared {
  readonly before: string;
  readonly now: string;
  readonly difference: string;
}

function comparedOut({ before, now, difference }: Compared, currency: Currency): Compared {
  return {
    before: moneyOut(before, currency),
    now: moneyOut(now, currency),
    difference: moneyOut(difference, currency),
  };
}

/** @throws BooksRefused `program-unknown`, `run-unknown` */
async function compareRuns(
  { sql }: Ledger,
  { program: slug, run: runId }: { readonly program: string; readonly run: string },
): Promise<{ runs: ComparedRuns; previousRun: string | null; currency: Currency }> {
  const { programId, currency } = await requireProgram(sql, slug);
  const { runNumber } = await requireRun(sql, programId, runId);
  const before = await findRunBefore(sql, programId, runNumber);
  return {
    runs: { programId, runNumber, previous: before?.runNumber ?? 0 },
    previousRun: before?.runId ?? null,
    currency,
  };
}
