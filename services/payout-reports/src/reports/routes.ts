import { payoutFilterSchema } from '@rewardbook/contracts/api/payout-list';
import {
  REPORT_FORMATS,
  type ReportName,
  reportQuerySchemas,
  reportRowSchemas,
  reportSchema,
  runPayoutTotalsQuerySchema,
  runPayoutTotalsSchema,
} from '@rewardbook/contracts/api/reports';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import type { Sql } from '@rewardbook/db/client';
import { keyOf, maySeePayments, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { begun, writeCsv, writeJson } from '../formats/write-report.ts';
import { writeXlsx, type XlsxColumn } from '../formats/write-xlsx.ts';
import { Places } from '../service/places.ts';
import type { ReportSource } from '../service/read-cursor.ts';
import { openReport, type ReportContext } from '../service/report-context.ts';
import type { AnswerStream, StreamedAnswer } from '../service/streamed-answer.ts';
import { allocations } from './allocations/allocations.ts';
import { commissions } from './commissions/commissions.ts';
import { creators } from './creators/creators.ts';
import { chooseFormat, FORMATS, type Format, fileName } from './format.ts';
import { journal } from './journal/journal.ts';
import { plainTextJournal } from './journal/plain-text-journal.ts';
import { payouts, payoutTotals } from './payouts/payouts.ts';
import { statement } from './statement/statement.ts';
import { summary } from './summary/summary.ts';
import { trialBalance } from './trial-balance/trial-balance.ts';

interface Query {
  readonly period?: string | undefined;
  readonly run?: string | undefined;
  readonly creator?: string | undefined;
  readonly format?: Format | undefined;
  readonly asOf?: string | undefined;
  readonly effective?: string | undefined;
}

/** What else a report is filtered by. */
type Filter = Readonly<Record<string, unknown>>;

type Rows = AsyncIterable<readonly Readonly<Record<string, string | number | null>>[]>;

type ReportRequest = FastifyRequest<{ Params: { program: string }; Querystring: Query & Filter }>;
type Build = (context: ReportContext) => Promise<Rows> | Rows;

/** Loaded when the first document is asked for: the PDF writer and its fonts take a while and some memory. */
const pdfExports = {
  statement: () => import('./statement/statement-pdf.ts'),
  run: () => import('./run-summary/run-summary-pdf.ts'),
};

const PATH = '/v1/programs/:program/reports';
const READ = requireScope('read');
/** Each reads all rows of a run. */
const MAX_SUMS = 4;
const MAX_SUMS_PER_KEY = 2;

/** Reports on a program, each in several formats, streamed. */
export function registerReports(app: App, sql: Sql, source: ReportSource, answerStream: AnswerStream): void {
  const answer = tabularAnswers(answerStream);
  registerPayouts(app, answer);
  registerPayoutTotals(app, sql, source);
  registerAllocations(app, answer);
  registerCreators(app, answer);
  registerCommissions(app, answer);
  registerJournal(app, answer, answerStream);
  registerStatement(app, answer, answerStream);
  registerTrialBalance(app, answer);
  registerSummary(app, answer);
  registerRunSummary(app, answerStream);
}

type Answer = (request: ReportRequest, reply: FastifyReply, name: ReportName, build: Build) => void;

/** Answers with the rows of a report, in the format that the client wants. */
function tabularAnswers(answerStream: AnswerStream): Answer {
  return (request, reply, name, build) => {
    const { period, run, creator, asOf, effective } = request.query;
    const filters = {
      period: period ?? null,
      run: run ?? null,
      creator: creator ?? null,
      asOf: asOf ?? null,
      effective: effective ?? null,
    };
    answerStream(request, reply, { program: request.params.program, asOf }, async (context) => {
      const format = chooseFormat(request.query.format, (types) => request.accepts().type(types));
      const { slug, currency } = context.program;
      const rows = await begun(await build(context));
      const head = { report: name, program: slug, currency: currency.code, ...filters };
      const { shape } = reportRowSchemas[name];
      const columns = Object.keys(shape);
      const pieces = {
        json: () => writeJson(head, rows),
        csv: () => writeCsv(columns, rows),
        xlsx: () => writeXlsx(xlsxColumns(shape), rows),
      };
      return {
        contentType: FORMATS[format].contentType,
        fileName: format === 'json' ? undefined : fileName(context, name, run ?? period, FORMATS[format].extension),
        pieces: pieces[format](),
        end: () => rows.return(),
      };
    });
  };
}

function schemaOf<Name extends ReportName>(name: Name, summaryText: string) {
  return {
    summary: summaryText,
    tags: ['reports'],
    params: programParamsSchema,
    querystring: reportQuerySchemas[name],
    response: {
      200: {
        description: 'The report, streamed',
        content: Object.fromEntries(
          REPORT_FORMATS[name].map((format) => [
            FORMATS[format].contentType.replace(/;.*/, ''),
            { schema: format === 'json' ? reportSchema(reportRowSchemas[name]) : z.string() },
          ]),
        ),
      },
    },
  };
}

function registerPayouts(app: App, answer: Answer): void {
  app.get(
    `${PATH}/payouts`,
    {
      ...READ,
      schema: schemaOf(
        'payouts',
        'A row for each payout run and creator, and what a run would pay of periods that have none',
      ),
    },
    (request, reply) =>
      answer(request, reply, 'payouts', (context) =>
        payouts(context, {
          period: request.query.period,
          run: request.query.run,
          creatorId: request.query.creator,
          ofRun: payoutFilterSchema.parse(request.query),
        }),
      ),
  );
}

function registerPayoutTotals(app: App, sql: Sql, source: ReportSource): void {
  const places = new Places('sums', MAX_SUMS, MAX_SUMS_PER_KEY);
  app.get(
    `${PATH}/payouts/totals`,
    {
      ...READ,
      schema: {
        summary: 'The sums of a run’s rows, or of those that a filter leaves',
        tags: ['reports'],
        params: programParamsSchema,
        querystring: runPayoutTotalsQuerySchema,
        response: { 200: runPayoutTotalsSchema },
      },
    },
    (request, reply) =>
      places.hold(keyOf(request).keyId, async () => {
        const { run, ...filter } = request.query;
        const read = { ...source, signal: clientGone(reply) };
        return payoutTotals(await openReport(sql, read, request.params.program), run, filter);
      }),
  );
}

function registerAllocations(app: App, answer: Answer): void {
  app.get(
    `${PATH}/allocations`,
    { ...READ, schema: schemaOf('allocations', 'What a close gave: a row for each creator') },
    (request, reply) =>
      answer(request, reply, 'allocations', (context) => {
        const { format: _format, ...query } = request.query;
        return allocations(context, query);
      }),
  );
}

function registerCommissions(app: App, answer: Answer): void {
  app.get(
    `${PATH}/commissions`,
    { ...READ, schema: schemaOf('commissions', 'What closes gave scouts: a row for each scouted creator') },
    (request, reply) =>
      answer(request, reply, 'commissions', (context) => {
        const { period, creator } = request.query;
        return commissions(context, { period, creator });
      }),
  );
}

function registerCreators(app: App, answer: Answer): void {
  app.get(
    `${PATH}/creators`,
    { ...READ, schema: schemaOf('creators', 'A row for each registered creator; without payee and account') },
    (request, reply) =>
      answer(request, reply, 'creators', (context) => {
        const { format: _format, ...query } = request.query;
        return creators(context, query);
      }),
  );
}

function registerJournal(app: App, answer: Answer, answerStream: AnswerStream): void {
  app.get(`${PATH}/journal`, { ...READ, schema: schemaOf('journal', 'A row for each posting') }, (request, reply) => {
    const { format, asOf, ...filter } = request.query;
    if (format !== 'hledger') {
      answer(request, reply, 'journal', (context) => journal(context, filter));
      return;
    }
    answerStream(request, reply, { program: request.params.program, asOf }, async (context) => {
      const { period, ...others } = filter;
      if (Object.values(others).some((value) => value !== undefined)) {
        throw new AppError(
          'invalid-request',
          'The plain-text journal has whole entries in a row: it is of a period, or of all',
        );
      }
      const pieces = await begun(plainTextJournal(context, { period }));
      return {
        contentType: FORMATS.hledger.contentType,
        fileName: fileName(context, 'journal', period, FORMATS.hledger.extension),
        pieces,
        end: () => pieces.return(),
      };
    });
  });
}

function registerStatement(app: App, answer: Answer, answerStream: AnswerStream): void {
  app.get(
    `${PATH}/statement`,
    {
      config: { ...READ.config, isAudited: maySeePayments },
      schema: schemaOf(
        'statement',
        "A creator's balance and movements; the payee for keys with the scope read:payments",
      ),
    },
    (request, reply) => {
      const { creator: creatorId, period, format, asOf, effective } = request.query;
      const filter = { creatorId, period, asOf, effective };
      if (format !== 'pdf') {
        answer(request, reply, 'statement', (context) => statement(context, filter));
        return;
      }
      answerStream(request, reply, { program: request.params.program, asOf }, async (context) =>
        document(
          fileName(context, 'statement', period, FORMATS.pdf.extension),
          await (await pdfExports.statement()).statementPdf(context, filter, {
            showsPayee: maySeePayments(keyOf(request)),
          }),
        ),
      );
    },
  );
}

function registerTrialBalance(app: App, answer: Answer): void {
  app.get(
    `${PATH}/trial-balance`,
    { ...READ, schema: schemaOf('trial-balance', 'Every account, and the totals') },
    (request, reply) =>
      answer(request, reply, 'trial-balance', (context) =>
        trialBalance(context, {
          period: request.query.period,
          asOf: request.query.asOf,
          effective: request.query.effective,
        }),
      ),
  );
}

function registerSummary(app: App, answer: Answer): void {
  app.get(`${PATH}/summary`, { ...READ, schema: schemaOf('summary', 'A row for each period') }, (request, reply) =>
    answer(request, reply, 'summary', (context) => summary(context, request.query.period)),
  );
}

function registerRunSummary(app: App, answerStream: AnswerStream): void {
  app.get(
    `${PATH}/payout-run`,
    {
      config: { ...requireScope('read:payments').config, isAudited: maySeePayments },
      schema: {
        summary: 'The summary of a payout run for the files: who decided what and when, totals, payouts',
        tags: ['reports'],
        params: programParamsSchema,
        querystring: reportQuerySchemas['payout-run'],
        response: { 200: { description: 'A PDF, streamed', content: { 'application/pdf': { schema: z.string() } } } },
      },
    },
    (request, reply) =>
      answerStream(request, reply, { program: request.params.program }, async (context) =>
        document(
          fileName(context, 'payout-run', request.query.run, FORMATS.pdf.extension),
          await (await pdfExports.run()).runSummaryPdf(context, request.query.run),
        ),
      ),
  );
}

/** A PDF as an answer. */
async function document(name: string, pages: AsyncIterable<Uint8Array>): Promise<StreamedAnswer> {
  const pieces = await begun(pages);
  return { contentType: FORMATS.pdf.contentType, fileName: name, pieces, end: () => pieces.return() };
}

/** The columns of a report, decimals as in its schema. */
function xlsxColumns(shape: Readonly<Record<string, z.ZodType>>): XlsxColumn[] {
  return Object.entries(shape).map(([name, field]) => {
    const inner = field instanceof z.ZodNullable ? field.unwrap() : field;
    return { name, isDecimal: inner instanceof z.ZodType && inner.meta()?.format === 'decimal' };
  });
}
