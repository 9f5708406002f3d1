import { remitBodySchema, remittedSchema, taxDueSchema } from '@rewardbook/contracts/api/payout-runs';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import type { Ledger } from '../service/ledger.ts';
import { moneyOut } from './payout-run-out.ts';
import { remit } from './payout-runs.ts';
import { listTaxDue } from './return-sql.ts';

/** Tax that payout runs withheld. */
export function taxRoutes(app: App, ledger: Ledger, now: () => number): void {
  app.get(
    '/v1/programs/:program/tax-due',
    {
      ...requireScope('read'),
      schema: {
        tags: ['payouts'],
        summary: 'Tax that was withheld and is neither returned nor remitted, by run and country',
        params: programParamsSchema,
        response: { 200: taxDueSchema },
      },
    },
    async (request) => {
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const rows = await listTaxDue(ledger.sql, programId);
      return {
        items: rows.map((row) => ({ ...row, currency: currency.code, amount: moneyOut(row.amount, currency) })),
      };
    },
  );

  app.post(
    '/v1/programs/:program/tax-remittances',
    {
      ...requireScope('operate'),
      schema: {
        tags: ['payouts'],
        summary: 'Remit the tax of a country that is due, of one run or of all; the reference makes it idempotent',
        params: programParamsSchema,
        body: remitBodySchema,
        response: { 200: remittedSchema, 201: remittedSchema },
      },
    },
    async (request, reply) => {
      const { program } = request.params;
      const { currency } = await requireProgram(ledger.sql, program);
      const remitted = await remit(ledger, program, request.body, { actor: keyOf(request).keyHash, now: now() });
      const { country, run = null } = request.body;
      reply.code(remitted.repeated ? 200 : 201);
      return { ...remitted, country, run, currency: currency.code, amount: moneyOut(remitted.amount, currency) };
    },
  );
}
