import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  differencesPageSchema,
  differencesQuerySchema,
  explanationBodySchema,
  importStatementQuerySchema,
  markBodySchema,
  reconciliationOutSchema,
  reconciliationParamsSchema,
  statementImportedSchema,
} from '@rewardbook/contracts/api/reconciliation';
import { parseStatementCsv, type StatementLine } from '@rewardbook/contracts/files/statement-csv';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import { requireProgram } from '@rewardbook/db/books/program';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { readCursor } from '@rewardbook/runtime/http/page-cursor';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Ledger } from '../service/ledger.ts';
import { placeOf, readDifferences, readReconciliation, toStatementOut } from './reconcile.ts';
import { explainDifference, findImport, importStatement, markReconciled } from './sql.ts';

const differenceKeySchema = z.tuple([z.string().max(64), z.string().max(512), z.string().max(64)]);

const STATEMENT_LIMIT_BYTES = 32_000_000;
const BASE = '/v1/programs/:program/reconciliations/:period';

/** Reconciliation of the books with statements of ad platforms and banks. */
export function reconciliationRoutes(app: App, ledger: Ledger): void {
  importRoute(app, ledger);
  statusRoute(app, ledger);
  differencesRoute(app, ledger);
  explainRoute(app, ledger);
  markRoute(app, ledger);
}

function importRoute(app: App, ledger: Ledger): void {
  // A separate scope: here a CSV is a statement, and its bytes are kept for their hash.
  app.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    scope.addContentTypeParser(['text/csv', 'application/csv'], { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(
      `${BASE}/statements`,
      {
        ...requireScope('operate'),
        bodyLimit: STATEMENT_LIMIT_BYTES,
        schema: {
          tags: ['reconciliation'],
          summary: 'Import a statement, from text/csv: all of it or nothing; the same file again changes nothing',
          description:
            'Columns reference, amount, date (YYYY-MM-DD) and currency; others are not read. Revenue is positive as it earns; settlements are what went through the bank account, positive in and negative out.',
          consumes: ['text/csv', 'application/csv'],
          params: reconciliationParamsSchema,
          querystring: importStatementQuerySchema,
          response: { 200: statementImportedSchema, 201: statementImportedSchema },
        },
      },
      async (request, reply) => {
        const { kind, source, reverseSigns } = request.query;
        const program = await requireProgram(ledger.sql, request.params.program);
        const place = placeOf(program, request.params.period);
        const body = bytesOf(request.body);
        const { importId, created, isCurrent } = await importStatement(ledger.sql, {
          programId: program.programId,
          period: place.period,
          kind,
          source,
          fileHash: createHash('sha256').update(body).digest('hex'),
          signsReversed: reverseSigns,
          lines: await linesIn(body),
          actor: keyOf(request).keyHash,
        });
        const stored = await findImport(ledger.sql, program.programId, importId);
        return reply
          .code(created ? 201 : 200)
          .send({ ...toStatementOut(stored), repeated: !created, current: isCurrent });
      },
    );
  });
}

function statusRoute(app: App, ledger: Ledger): void {
  app.get(
    BASE,
    {
      ...requireScope('read'),
      schema: {
        tags: ['reconciliation'],
        summary: 'Reconciliation status of a period: what agrees, what is open, who marked it',
        params: reconciliationParamsSchema,
        response: { 200: reconciliationOutSchema },
      },
    },
    async (request) => {
      const program = await requireProgram(ledger.sql, request.params.program);
      return readReconciliation(ledger, program, placeOf(program, request.params.period));
    },
  );
}

function differencesRoute(app: App, ledger: Ledger): void {
  app.get(
    `${BASE}/differences`,
    {
      ...requireScope('read'),
      schema: {
        tags: ['reconciliation'],
        summary: 'What differs between statements and books, with its reason, by kind and reference',
        params: reconciliationParamsSchema,
        querystring: differencesQuerySchema,
        response: { 200: differencesPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, open } = request.query;
      const program = await requireProgram(ledger.sql, request.params.program);
      const place = placeOf(program, request.params.period);
      const after = readCursor(cursor, differenceKeySchema) ?? (['', '', ''] as const);
      const items = await readDifferences(ledger, program, place, { openOnly: open, after, limit: limit + 1 });
      return toPage(items, limit, (item) => [item.kind, item.reference, item.difference]);
    },
  );
}

function explainRoute(app: App, ledger: Ledger): void {
  app.post(
    `${BASE}/explanations`,
    {
      ...requireScope('operate'),
      schema: {
        tags: ['reconciliation'],
        summary: 'Explain why a difference is not an error; this holds until the statement or the books change',
        params: reconciliationParamsSchema,
        body: explanationBodySchema,
        response: { 200: reconciliationOutSchema },
      },
    },
    async (request) => {
      const { kind, reference, difference, reason } = request.body;
      const program = await requireProgram(ledger.sql, request.params.program);
      const place = placeOf(program, request.params.period);
      await explainDifference(ledger.sql, place, {
        kind,
        reference,
        difference,
        reason,
        actor: keyOf(request).keyHash,
      });
      return readReconciliation(ledger, program, place);
    },
  );
}

function markRoute(app: App, ledger: Ledger): void {
  app.post(
    `${BASE}/mark`,
    {
      ...requireScope('approve'),
      schema: {
        tags: ['reconciliation'],
        summary: 'Mark a period reconciled, if nothing is open and nothing has changed since it was read',
        params: reconciliationParamsSchema,
        body: markBodySchema,
        response: { 200: reconciliationOutSchema },
      },
    },
    async (request) => {
      const program = await requireProgram(ledger.sql, request.params.program);
      const place = placeOf(program, request.params.period);
      const { hash, note } = request.body;
      await markReconciled(ledger.sql, place, { hash, note, actor: keyOf(request).keyHash });
      return readReconciliation(ledger, program, place);
    },
  );
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) {
    return body;
  }
  throw new AppError('unsupported-media-type', 'Send the statement as text/csv');
}

/** @throws AppError `bad-statement` that names lines and columns */
async function linesIn(body: Buffer): Promise<StatementLine[]> {
  const parsed = await parseStatementCsv(Readable.from([body]));
  if (parsed.ok) {
    return parsed.value;
  }
  throw new AppError('bad-statement', `The statement is not valid: ${describeIssues(parsed.issues.slice(0, 1))}`, {
    errors: parsed.issues.map((issue) => ({ path: issue.path, message: describeIssues([issue]) })),
  });
}
