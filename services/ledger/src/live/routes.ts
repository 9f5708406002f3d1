import {
  type BooksLive,
  booksLiveSchema,
  type CloseWatched,
  closeWatchedSchema,
} from '@rewardbook/contracts/api/live/books';
import { eventStreamOf } from '@rewardbook/contracts/api/live/stream';
import { periodParamsSchema } from '@rewardbook/contracts/api/periods';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { assertPeriodOf } from '@rewardbook/domain/values/period';
import type { Queues } from '@rewardbook/queue/queues';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { LIVE_ROUTE, type LiveLimits, LiveStreams } from '@rewardbook/runtime/live/live';
import { SharedPolls } from '@rewardbook/runtime/live/shared-polls';
import { type CloseSteps, watchClose } from '../close/sql/phases.ts';
import type { Ledger } from '../service/ledger.ts';
import { toVerifyRunOut } from '../verify/run-out.ts';
import { listVerifyRuns } from '../verify/runs-sql.ts';
import { readOverview } from './sql.ts';

const PAUSE_MS = 1_000;

/** What happens in the books of a program, as it happens: read from the database and the queue, so that it is of all instances. */
export function liveRoutes(
  app: App,
  ledger: Ledger,
  queues: Pick<Queues, 'depths'>,
  limits: Partial<LiveLimits> = {},
): void {
  streamRoute(app, ledger, queues, limits);
  closeRoute(app, ledger);
}

function streamRoute(app: App, ledger: Ledger, queues: Pick<Queues, 'depths'>, limits: Partial<LiveLimits>): void {
  const streams = new LiveStreams(app, limits);
  const depths = oncePer(PAUSE_MS, () => queues.depths().catch(() => null)); // away: the stream says so
  const polls = new SharedPolls<number>({
    read: async (programId): Promise<BooksLive> => {
      const overview = await readOverview(ledger.sql, programId);
      const close = await watchClose(ledger.sql, programId, null);
      const [verify] = await listVerifyRuns(ledger.sql, programId, { before: undefined, limit: 1 });
      return {
        ...overview,
        close: close === undefined ? null : toCloseOut(close),
        verify: verify === undefined ? null : toVerifyRunOut(verify),
        queues: await depths(),
      };
    },
    pauseMs: PAUSE_MS,
  });
  app.get(
    '/v1/programs/:program/live',
    {
      ...LIVE_ROUTE,
      ...requireScope('read'),
      schema: {
        tags: ['live'],
        summary: 'What happens in the books, as it happens: closes, payout runs, approvals, verifications, queues',
        params: programParamsSchema,
        response: { 200: eventStreamOf(booksLiveSchema) },
      },
    },
    async (request, reply) => {
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      // Queues have the jobs of all programs.
      const without = keyOf(request).programs === null ? [] : ['queues'];
      return streams.send(reply, { polls, key: programId, without });
    },
  );
}

function closeRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods/:period/close',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'How the close of a period goes, or went: who began it, and its steps',
        params: periodParamsSchema,
        response: { 200: closeWatchedSchema },
      },
    },
    async (request) => {
      const { program: slug, period } = request.params;
      const program = await requireProgram(ledger.sql, slug);
      assertPeriodOf(program, period);
      const close = await watchClose(ledger.sql, program.programId, period);
      if (close === undefined) {
        throw new AppError('not-found', `No close of ${period} was begun`);
      }
      return toCloseOut(close);
    },
  );
}

function toCloseOut({ begunAt, closedAt, retryAt, phases, ...close }: CloseSteps): CloseWatched {
  return {
    ...close,
    begunAt: begunAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    retryAt: retryAt?.toISOString() ?? null,
    phases: phases.map(({ phase, beganAt }) => ({ phase, beganAt: beganAt.toISOString() })),
  };
}

/** The same answer for all who ask within so long: queues are those of all programs. */
function oncePer<Value>(periodMs: number, ask: () => Promise<Value>): () => Promise<Value> {
  let asked: { readonly at: number; readonly answer: Promise<Value> } | undefined;
  return () => {
    const now = performance.now();
    if (asked === undefined || now - asked.at >= periodMs) {
      asked = { at: now, answer: ask() };
    }
    return asked.answer;
  };
}
