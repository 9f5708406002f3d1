import {
  adjustmentBodySchema,
  adjustmentOutSchema,
  cashBodySchema,
  cashOutSchema,
  reversalBodySchema,
  reversalOutSchema,
} from '@rewardbook/contracts/api/adjustments';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { gatedRoute } from '../approvals/gated-routes.ts';
import { toApprovalNeeded } from '../approvals/request-out.ts';
import type { Ledger } from '../service/ledger.ts';
import { adjust, bookCash, reverse } from './adjust.ts';

/** Entries that a person makes: adjustments of creators' balances, reversals, cash. */
export function adjustmentRoutes(app: App, ledger: Ledger, now: () => number): void {
  app.post(
    '/v1/programs/:program/adjustments',
    gatedRoute(adjustmentBodySchema, adjustmentOutSchema, {
      tags: ['books'],
      summary: 'Adjust, claw back, write off, or move unclaimed money; the reference makes it idempotent',
      description: 'Answers 202 with the request where a second person has to approve first.',
    }),
    async (request, reply) => {
      const { program } = request.params;
      const by = { actor: keyOf(request).keyHash, now: now() };
      const answer = await adjust(ledger, program, request.body, by);
      if (!answer.done) {
        return reply.code(202).send(toApprovalNeeded(program, answer.request, keyOf(request)));
      }
      const { currency } = await requireProgram(ledger.sql, program);
      const { entryKey, created, amount } = answer.value;
      const { kind, creatorId } = request.body;
      const body = { entryKey, kind, creatorId, currency: currency.code, amount, repeated: !created };
      return reply.code(created ? 201 : 200).send(body);
    },
  );

  app.post(
    '/v1/programs/:program/reversals',
    gatedRoute(reversalBodySchema, reversalOutSchema, {
      tags: ['books'],
      summary: 'Reverse an entry, once; closes and what payout runs posted cannot be reversed',
      description: 'Answers 202 with the request where a second person has to approve adjustments.',
    }),
    async (request, reply) => {
      const { program } = request.params;
      const answer = await reverse(ledger, program, request.body, { actor: keyOf(request).keyHash, now: now() });
      if (!answer.done) {
        return reply.code(202).send(toApprovalNeeded(program, answer.request, keyOf(request)));
      }
      const { entryKey, created } = answer.value;
      return reply.code(created ? 201 : 200).send({ entryKey, reverses: request.body.entryKey, repeated: !created });
    },
  );

  app.post(
    '/v1/programs/:program/cash',
    {
      ...requireScope('operate'),
      schema: {
        tags: ['books'],
        summary:
          'Book money that came in: a receipt of advertising revenue, or funding; the reference makes it idempotent',
        params: programParamsSchema,
        body: cashBodySchema,
        response: { 200: cashOutSchema, 201: cashOutSchema },
      },
    },
    async (request, reply) => {
      const { program } = request.params;
      const { entryKey, created, amount } = await bookCash(ledger, program, request.body, {
        actor: keyOf(request).keyHash,
        now: now(),
      });
      const { currency } = await requireProgram(ledger.sql, program);
      return reply.code(created ? 201 : 200).send({ entryKey, currency: currency.code, amount, repeated: !created });
    },
  );
}
