import {
  type RevenueOut,
  revenueBodySchema,
  revenueBookedSchema,
  revenuePageSchema,
  revenueQuerySchema,
} from '@rewardbook/contracts/api/revenue';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { readCursor, textKeySchema } from '@rewardbook/runtime/http/page-cursor';
import { doOrAsk } from '../approvals/gate.ts';
import { gatedRoute } from '../approvals/gated-routes.ts';
import { toApprovalNeeded } from '../approvals/request-out.ts';
import type { Ledger } from '../service/ledger.ts';
import { planRevenue } from './book-revenue.ts';
import { listRevenue, type RevenueRow } from './sql.ts';

/** Advertising revenue. */
export function revenueRoutes(app: App, ledger: Ledger, now: () => number): void {
  app.post(
    '/v1/programs/:program/revenue',
    gatedRoute(revenueBodySchema, revenueBookedSchema, {
      tags: ['revenue'],
      summary: 'Book revenue for a period; the reference makes it idempotent',
    }),
    async (request, reply) => {
      const by = { actor: keyOf(request).keyHash, now: now() };
      const answer = await doOrAsk(ledger, await planRevenue(ledger, request.params.program, request.body, by));
      if (!answer.done) {
        return reply.code(202).send(toApprovalNeeded(request.params.program, answer.request, keyOf(request)));
      }
      const booked = answer.value;
      const { currency } = await requireProgram(ledger.sql, request.params.program);
      return reply
        .code(booked.repeated ? 200 : 201)
        .send({ ...toRevenueOut(booked, currency.code), repeated: booked.repeated });
    },
  );

  app.get(
    '/v1/programs/:program/revenue',
    {
      ...requireScope('read'),
      schema: {
        tags: ['revenue'],
        summary: 'Bookings by reference',
        params: programParamsSchema,
        querystring: revenueQuerySchema,
        response: { 200: revenuePageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, period } = request.query;
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const rows = await listRevenue(ledger.sql, programId, {
        ...(period === undefined ? {} : { period }),
        after: readCursor(cursor, textKeySchema)?.[0] ?? '',
        limit: limit + 1,
      });
      return toPage(
        rows.map((row) => toRevenueOut(row, currency.code)),
        limit,
        (item) => [item.reference],
      );
    },
  );
}

function toRevenueOut(row: RevenueRow, currency: string): RevenueOut {
  const { period, amount, reference, corrects, entryKey, bookedAt } = row;
  return { period, amount, currency, reference, corrects, entryKey, bookedAt: bookedAt.toISOString() };
}
