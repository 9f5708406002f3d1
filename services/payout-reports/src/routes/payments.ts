import { createHash } from 'node:crypto';
import { type PaymentsQuery, paymentManifestSchema, paymentsQuerySchema } from '@rewardbook/contracts/payments';
import { programParamsSchema } from '@rewardbook/contracts/slug';
import type { Sql } from '@rewardbook/db/client';
import { requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/errors';
import { z } from 'zod';
import { amountFault, pain001, pain001Fault } from '../exports/pain001.ts';
import { controlSum, openPaymentRun, type PaymentRun } from '../exports/payment-run.ts';
import { paymentsCsv } from '../exports/payments-csv.ts';
import { openReport, type ReportContext } from '../reports/report.ts';
import type { ReportSource } from '../store/in-batches.ts';
import type { AnswerStream } from './streamed-answer.ts';

interface PaymentFile {
  readonly run: PaymentRun;
  readonly name: string;
  readonly contentType: string;
  readonly pieces: AsyncGenerator<string, void, undefined>;
}

async function openFile(context: ReportContext, query: PaymentsQuery): Promise<PaymentFile> {
  const { executionDate, debtorName, debtorAccount, debtorBic } = query;
  const name = `${context.program.slug}-payments-${query.run}-${context.program.currency.code}`;
  if (query.format === 'csv' || executionDate === undefined) {
    const run = await openPaymentRun(context, query.run, () => undefined);
    return { run, name: `${name}.csv`, contentType: 'text/csv; charset=utf-8', pieces: paymentsCsv(context, run) };
  }
  const run = await openPaymentRun(context, query.run, pain001Fault);
  const fault = amountFault(controlSum(context, run));
  if (fault !== undefined) throw new AppError('not-acceptable', `The control sum cannot be written: ${fault}`);
  const order = { executionDate, debtorName, debtorAccount, debtorBic };
  return { run, name: `${name}.pain.001.xml`, contentType: 'application/xml', pieces: pain001(context, run, order) };
}

/** Payment files of approved runs, and what they must be. Nothing is marked: `payout-run export` does that. */
export function registerPayments(app: App, sql: Sql, source: ReportSource, answerStream: AnswerStream): void {
  const path = '/v1/programs/:program/reports/payments';
  const schema = { tags: ['payments'], params: programParamsSchema, querystring: paymentsQuerySchema };

  app.get(
    path,
    {
      ...requireScope('read'),
      schema: {
        ...schema,
        summary: 'What an approved run pays, for a bank',
        response: {
          200: {
            description: 'The file, streamed',
            content: { 'text/csv': { schema: z.string() }, 'application/xml': { schema: z.string() } },
          },
        },
      },
    },
    (request, reply) =>
      answerStream(request, reply, { program: request.params.program }, async (context) => {
        const { name, contentType, pieces } = await openFile(context, request.query);
        return { contentType, fileName: name, pieces, end: () => pieces.return() };
      }),
  );

  app.get(
    `${path}/manifest`,
    {
      ...requireScope('read'),
      schema: {
        ...schema,
        summary: 'Count, control sum and SHA-256 of the payment file that the same query gives',
        response: { 200: paymentManifestSchema },
      },
    },
    async (request) => {
      const context = await openReport(sql, source, request.params.program);
      const { run, name, pieces } = await openFile(context, request.query);
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += Buffer.byteLength(piece);
      }
      const file = {
        name,
        format: request.query.format,
        currency: context.program.currency.code,
        payments: run.paymentCount,
        controlSum: controlSum(context, run),
        bytes,
        sha256: hash.digest('hex'),
      };
      const { runId, contentHash, entryKey, status } = run;
      return { program: context.program.slug, run: runId, contentHash, entryKey, status, files: [file] };
    },
  );
}
