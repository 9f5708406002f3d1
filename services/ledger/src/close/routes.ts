import { Readable } from 'node:stream';
import { approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import {
  closeAcceptedSchema,
  closeCancelledSchema,
  closeQuerySchema,
  type PeriodOut,
  periodOutSchema,
  periodParamsSchema,
  periodsPageSchema,
  periodsQuerySchema,
} from '@rewardbook/contracts/api/periods';
import { periodResultSchema } from '@rewardbook/contracts/api/result';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { lastClose } from '@rewardbook/db/books/closes';
import type { Program } from '@rewardbook/db/books/program';
import { requireProgram } from '@rewardbook/db/books/program';
import { boundsBy } from '@rewardbook/domain/values/closed-periods';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { assertPeriodOf, nextPeriod, type PeriodBounds } from '@rewardbook/domain/values/period';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import { readCursor, textKeySchema } from '@rewardbook/runtime/http/page-cursor';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { doOrAsk } from '../approvals/gate.ts';
import { toApprovalNeeded } from '../approvals/request-out.ts';
import { boundsOfOpen, startsOfProgram } from '../programs/program-starts.ts';
import { closeKey, type Ledger } from '../service/ledger.ts';
import { planBeginClose } from './begin-close.ts';
import { cancelClose } from './cancel-close.ts';
import type { DryRun } from './dry-run.ts';
import { readResult } from './read-result.ts';
import { firstPeriodWithRevenue, type KnownPeriod, listPeriods } from './sql/periods.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const streamedResult = {
  description: 'The result, streamed',
  content: { 'application/json': { schema: periodResultSchema } },
};

/** Periods, their closes and results. */
export function periodRoutes(app: App, ledger: Ledger, dryRun: DryRun): void {
  periodsRoute(app, ledger);
  periodRoute(app, ledger);
  closeRoute(app, ledger, dryRun);
  cancelCloseRoute(app, ledger);
  resultRoute(app, ledger);
}

function periodsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'Periods that have revenue or a close, in order',
        params: programParamsSchema,
        querystring: periodsQuerySchema,
        response: { 200: periodsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const program = await requireProgram(ledger.sql, request.params.program);
      const after = readCursor(cursor, textKeySchema)?.[0] ?? '';
      const periods = await listPeriods(ledger.sql, program.programId, { after, limit: limit + 1 });
      const startOf = await startsOfProgram(ledger.sql, program);
      const carried = await carriedInto(ledger, program);
      const items = periods.map((known) =>
        toPeriodOut(ledger, program, known, boundsBy(startOf, known.period), carried(known.period)),
      );
      return toPage(items, limit, (item) => [item.period]);
    },
  );
}

function periodRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods/:period',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'A period: open, closing or closed',
        params: periodParamsSchema,
        response: { 200: periodOutSchema },
      },
    },
    async (request) => {
      const { program: slug, period } = request.params;
      const program = await requireProgram(ledger.sql, slug);
      assertPeriodOf(program, period);
      const [known] = await listPeriods(ledger.sql, program.programId, { only: period, after: '', limit: 1 });
      const bounds = await boundsOfOpen(ledger.sql, program, period);
      const carried = await carriedInto(ledger, program);
      return toPeriodOut(ledger, program, known ?? { period, booked: null, close: null }, bounds, carried(period));
    },
  );
}

function closeRoute(app: App, ledger: Ledger, dryRun: DryRun): void {
  app.post(
    '/v1/programs/:program/periods/:period/close',
    {
      ...requireScope('operate'),
      schema: {
        tags: ['periods'],
        summary: 'Close a period, or show what a close would give (dryRun)',
        description:
          'A close answers 202; poll the period until it is closed. A dry run answers 200 with the result, at any time, and changes nothing.',
        params: periodParamsSchema,
        querystring: closeQuerySchema,
        response: {
          200: streamedResult,
          202: z.union([closeAcceptedSchema, approvalNeededSchema]),
        },
      },
    },
    async (request, reply) => {
      const { program, period } = request.params;
      if (request.query.dryRun) {
        const { text, release } = await dryRun(program, period, clientGone(reply));
        reply.raw.once('close', release); // all of it sent, or the connection gone
        if (reply.raw.destroyed) {
          release();
        }
        sendStream(reply.code(200), text);
        return reply;
      }
      const answer = await doOrAsk(ledger, await planBeginClose(ledger, program, period, keyOf(request).keyHash));
      if (!answer.done) {
        return reply.code(202).send(toApprovalNeeded(program, answer.request, keyOf(request)));
      }
      const { status } = answer.value;
      const poll = `/v1/programs/${program}/periods/${period}`;
      return reply.code(202).header('location', poll).send({ program, period, status, poll });
    },
  );
}

function cancelCloseRoute(app: App, ledger: Ledger): void {
  app.delete(
    '/v1/programs/:program/periods/:period/close',
    {
      ...requireScope('operate'),
      schema: {
        tags: ['periods'],
        summary: 'Take back a close that fails, so that what is wrong can be put right',
        description:
          'The period is open again; nothing is lost, and the next close sees the same events. Refused while the close has not failed, and once it is done.',
        params: periodParamsSchema,
        response: { 200: closeCancelledSchema },
      },
    },
    async (request) => {
      const { program, period } = request.params;
      return { program, period, cancelled: await cancelClose(ledger, program, period) };
    },
  );
}

function resultRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/periods/:period/result',
    {
      ...requireScope('read'),
      schema: {
        tags: ['periods'],
        summary: 'The result of a closed period, streamed: the same bytes as `simulate --json` gives for it',
        params: periodParamsSchema,
        response: { 200: streamedResult },
      },
    },
    async (request, reply) => {
      const { program, period } = request.params;
      sendStream(reply, await readResult(ledger, program, period));
      return reply;
    },
  );
}

/** JSON that is written already: as an object it would be written anew by its schema, and every byte counts. */
function sendStream(reply: FastifyReply, pieces: AsyncIterable<string> | Iterable<string>): void {
  reply.type(JSON_TYPE).send(Readable.from(pieces));
}

/** Revenue that is carried into a period that no close has begun: known for the one that closes next. */
async function carriedInto({ sql }: Ledger, { programId }: Program): Promise<(period: string) => string | null> {
  const last = await lastClose(sql, programId);
  const next = last === undefined ? await firstPeriodWithRevenue(sql, programId) : nextPeriod(last.period);
  const carriedOut = last === undefined ? '0' : last.revenueCarriedOut;
  return (period) => (period === next ? carriedOut : null);
}

/**
 * @param open the bounds of a period that no close has fixed
 * @param carriedInto the revenue that is carried into such a period; null where that is not known yet
 */
function toPeriodOut(
  { unnotedFailures }: Ledger,
  program: Program,
  { period, booked, close }: KnownPeriod,
  open: PeriodBounds,
  carriedInto: string | null,
): PeriodOut {
  const { start, end } = close === null ? open : { start: close.startsAt, end: close.endsAt };
  const money = (text: string): string => formatAmount(parseAmount(text, program.currency), program.currency);
  const orNull = (text: string | null | undefined): string | null => (text == null ? null : money(text));
  const entries = booked ?? '0';
  const carriedIn = close === null ? carriedInto : close.revenueCarriedIn;
  const revenue = parseAmount(entries, program.currency) + parseAmount(carriedIn ?? '0', program.currency);
  return {
    period,
    start: formatInstant(start),
    end: formatInstant(end),
    status: close?.status ?? 'open',
    revenue: formatAmount(revenue, program.currency),
    revenueEntries: money(entries),
    revenueCarriedIn: orNull(carriedIn),
    policyVersion: close?.policyVersion ?? null,
    pool: orNull(close?.pool),
    allocated: orNull(close?.allocated),
    undistributed: orNull(close?.undistributed),
    resultHash: close?.resultHash ?? null,
    entryKey: close?.entryKey ?? null,
    closedAt: close?.closedAt?.toISOString() ?? null,
    failure: close?.failure ?? unnotedFailures.get(closeKey({ program: program.slug, period })) ?? null,
  };
}
