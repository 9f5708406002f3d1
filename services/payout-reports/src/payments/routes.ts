import { createHash } from 'node:crypto';
import { type PaymentsQuery, paymentManifestSchema, paymentsQuerySchema } from '@rewardbook/contracts/api/payments';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import type { Sql } from '@rewardbook/db/client';
import { formatDate } from '@rewardbook/domain/values/calendar';
import { localDate } from '@rewardbook/domain/values/time-zone';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { keyOf, maySeePayments, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import { AppError } from '@rewardbook/runtime/http/errors';
import { z } from 'zod';
import { Places } from '../service/places.ts';
import type { ReportSource } from '../service/read-cursor.ts';
import { openReport, type ReportContext } from '../service/report-context.ts';
import type { AnswerStream } from '../service/streamed-answer.ts';
import { amountFault, pain001, pain001Fault } from './pain001.ts';
import { controlSum, openPaymentRun, type PaymentRun } from './payment-run.ts';
import { paymentsCsv } from './payments-csv.ts';

interface PaymentFile {
  readonly run: PaymentRun;
  readonly name: string;
  readonly contentType: string;
  readonly executionDate: string | null;
  readonly pieces: AsyncGenerator<string, void, undefined>;
}

async function openFile(context: ReportContext, query: PaymentsQuery, now: number): Promise<PaymentFile> {
  const { debtorName, debtorAccount, debtorBic } = query;
  const name = `${context.program.slug}-payments-${query.run}-${context.program.currency.code}`;
  if (query.format === 'csv') {
    const run = await openPaymentRun(context, query.run, () => undefined);
    const pieces = paymentsCsv(context, run);
    return { run, name: `${name}.csv`, contentType: 'text/csv; charset=utf-8', executionDate: null, pieces };
  }
  const executionDate = executionDateOf(query, context.program.timeZone, now);
  const run = await openPaymentRun(context, query.run, pain001Fault);
  const fault = amountFault(controlSum(context, run));
  if (fault !== undefined) {
    throw new AppError('not-acceptable', `The control sum cannot be written: ${fault}`);
  }
  const pieces = pain001(context, run, { executionDate, debtorName, debtorAccount, debtorBic });
  return { run, name: `${name}.pain.001.xml`, contentType: 'application/xml', executionDate, pieces };
}

/** When the bank is to pay: today where the program is, or a later date that was asked for. Banks refuse past dates. */
function executionDateOf({ executionDate }: PaymentsQuery, timeZone: string, now: number): string {
  const today = formatDate(localDate(now, timeZone));
  if (executionDate === undefined) {
    return today;
  }
  if (compareUtf8(executionDate, today) >= 0) {
    return executionDate;
  }
  throw new AppError('invalid-request', 'The bank cannot pay in the past', {
    errors: [{ path: 'querystring.executionDate', message: `${executionDate} is over: it is ${today} in ${timeZone}` }],
  });
}

/** Payment files of approved runs, and their manifests. Nothing is marked: `payout-run export` does that. */
export function registerPayments(
  app: App,
  sql: Sql,
  source: ReportSource,
  { answerStream, now }: { readonly answerStream: AnswerStream; readonly now: () => number },
): void {
  const path = '/v1/programs/:program/reports/payments';
  const manifests = new Places('manifests', 4, 2);
  const payments = { config: { ...requireScope('read:payments').config, isAudited: maySeePayments } };
  const schema = { tags: ['payments'], params: programParamsSchema, querystring: paymentsQuerySchema };

  app.get(
    path,
    {
      ...payments,
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
        const { name, contentType, pieces } = await openFile(context, request.query, now());
        return { contentType, fileName: name, pieces, end: () => pieces.return() };
      }),
  );

  app.get(
    `${path}/manifest`,
    {
      ...payments,
      schema: {
        ...schema,
        summary: 'Count, control sum and SHA-256 of the payment file that the same query gives',
        response: { 200: paymentManifestSchema },
      },
    },
    (request, reply) =>
      manifests.hold(keyOf(request).keyId, async () => {
        const read = { ...source, signal: clientGone(reply) };
        const context = await openReport(sql, read, request.params.program);
        const { run, name, executionDate, pieces } = await openFile(context, request.query, now());
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
        return {
          program: context.program.slug,
          run: runId,
          contentHash,
          entryKey,
          status,
          executionDate,
          files: [file],
        };
      }),
  );
}
