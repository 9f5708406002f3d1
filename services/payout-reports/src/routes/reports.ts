import { Readable } from 'node:stream';
import { type ReportName, reportQuerySchemas, reportRowSchemas, reportSchema } from '@rewardbook/contracts/reports';
import { programParamsSchema } from '@rewardbook/contracts/slug';
import type { Sql } from '@rewardbook/db/client';
import { requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { journal } from '../reports/journal.ts';
import { payouts } from '../reports/payouts.ts';
import { openReport, type ReportContext } from '../reports/report.ts';
import { statement } from '../reports/statement.ts';
import { summary } from '../reports/summary.ts';
import { trialBalance } from '../reports/trial-balance.ts';
import type { ReportSource } from '../store/in-batches.ts';
import { chooseFormat, type Format } from './format.ts';
import { begun, writeCsv, writeJson } from './write-report.ts';

/** Reports that run at the same time; each holds a database connection while its reader reads. */
export const MAX_REPORTS = 8;

interface Query {
  readonly period?: string | undefined;
  readonly creator?: string | undefined;
  readonly format?: Format | undefined;
  readonly asOf?: string | undefined;
  readonly effective?: string | undefined;
}

type Rows = AsyncIterable<readonly Readonly<Record<string, string | number | null>>[]>;

type ReportRequest = FastifyRequest<{ Params: { program: string }; Querystring: Query }>;
type Build = (context: ReportContext) => Promise<Rows> | Rows;

export function registerReports(app: App, sql: Sql, source: ReportSource): void {
  let running = 0;

  /** Begins a report. An error before its first row becomes a problem, one after it breaks the answer off. */
  async function begin(request: ReportRequest, reply: FastifyReply, name: ReportName, build: Build): Promise<Readable> {
    const { program: slug } = request.params;
    const { period, creator, asOf, effective } = request.query;
    const format = chooseFormat(request.query.format, request.headers.accept);
    if (running >= MAX_REPORTS) {
      throw new AppError('overloaded', `${MAX_REPORTS} reports are being read already; try again when one is done`);
    }
    running += 1;
    try {
      const context = await openReport(sql, source, slug, asOf);
      const rows = await begun(await build(context));
      const { code: currency } = context.program.currency;
      const filters = {
        period: period ?? null,
        creator: creator ?? null,
        asOf: asOf ?? null,
        effective: effective ?? null,
      };
      const head = { report: name, program: slug, currency, ...filters };
      const columns = Object.keys(reportRowSchemas[name].shape);
      const pieces = format === 'csv' ? writeCsv(columns, rows) : writeJson(head, rows);
      const stream = Readable.from(pieces, { objectMode: false });
      stream.once('close', () => {
        running -= 1;
        // Where nothing was read, the generators have not begun and nobody else ends the rows.
        rows.return().catch((error: unknown) => request.log.warn({ err: error }, 'a report did not end well'));
      });
      reply.header('vary', 'accept');
      if (format === 'csv') {
        const file = [slug, name, ...(period === undefined ? [] : [period])].join('-');
        reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${file}.csv"`);
      } else {
        reply.type('application/json; charset=utf-8');
      }
      return stream;
    } catch (error) {
      running -= 1;
      throw error;
    }
  }

  function answer(request: ReportRequest, reply: FastifyReply, name: ReportName, build: Build): void {
    begin(request, reply, name, build).then(
      (stream) => reply.send(stream),
      (error: unknown) => reply.send(error),
    );
  }

  const schemaOf = <Name extends ReportName>(name: Name, summaryText: string) => ({
    summary: summaryText,
    tags: ['reports'],
    params: programParamsSchema,
    querystring: reportQuerySchemas[name],
    response: {
      200: {
        description: 'The report, streamed',
        content: {
          'application/json': { schema: reportSchema(reportRowSchemas[name]) },
          'text/csv': { schema: z.string() },
        },
      },
    },
  });
  const read = requireScope('read');
  const path = '/v1/programs/:program/reports';

  app.get(
    `${path}/payouts`,
    { ...read, schema: schemaOf('payouts', 'A row for each creator of each closed period') },
    (request, reply) =>
      answer(request, reply, 'payouts', (context) =>
        payouts(context, { period: request.query.period, creatorId: request.query.creator }),
      ),
  );
  app.get(`${path}/journal`, { ...read, schema: schemaOf('journal', 'A row for each posting') }, (request, reply) =>
    answer(request, reply, 'journal', (context) =>
      journal(context, { period: request.query.period, creatorId: request.query.creator }),
    ),
  );
  app.get(
    `${path}/statement`,
    { ...read, schema: schemaOf('statement', "A creator's balance and movements") },
    (request, reply) =>
      answer(request, reply, 'statement', (context) =>
        statement(context, {
          creatorId: request.query.creator,
          period: request.query.period,
          asOf: request.query.asOf,
          effective: request.query.effective,
        }),
      ),
  );
  app.get(
    `${path}/trial-balance`,
    { ...read, schema: schemaOf('trial-balance', 'Every account, and the totals') },
    (request, reply) =>
      answer(request, reply, 'trial-balance', (context) =>
        trialBalance(context, {
          period: request.query.period,
          asOf: request.query.asOf,
          effective: request.query.effective,
        }),
      ),
  );
  app.get(`${path}/summary`, { ...read, schema: schemaOf('summary', 'A row for each period') }, (request, reply) =>
    answer(request, reply, 'summary', (context) => summary(context, request.query.period)),
  );
}
