import {
  batchesFileQuerySchema,
  batchesFilterSchema,
  batchesPageSchema,
  batchesQuerySchema,
  batchesTotalsSchema,
  batchOutSchema,
  batchParamsSchema,
} from '@rewardbook/contracts/api/ingest/batches';
import { batchIdSchema } from '@rewardbook/contracts/api/ingest/lists';
import { encodeCursor } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { FILE_PAGE, listFileOut } from '@rewardbook/runtime/http/list-files';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import { within } from '../ingest/retry.ts';
import { findBatch, listBatches, sumBatches } from '../sql/batch-list.ts';
import type { ListContext } from './list-context.ts';
import { programIdOf } from './program-id.ts';

const COLUMNS = ['batchId', 'accepted', 'duplicates', 'conflicts', 'receivedAt', 'sealedAt', 'talliedAt'];

export function batchRoutes(app: App, context: ListContext): void {
  listRoute(app, context);
  totalsRoute(app, context);
  fileRoute(app, context);
  batchRoute(app, context);
}

function listRoute(app: App, { sql, findProgram, readMs }: ListContext): void {
  app.get(
    '/v1/programs/:program/batches',
    {
      ...requireScope('read'),
      schema: {
        summary: 'List batches, the oldest or the newest first',
        description:
          'With the state `tallied` or `conflicts` a page looks through 50,000 batches, and may have fewer than `limit` of them.',
        tags: ['batches'],
        params: programParamsSchema,
        querystring: batchesQuerySchema,
        response: { 200: batchesPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, state, order } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const after = readCursor(cursor, numberKeySchema)?.[0];
      const page = await within(readMs, listBatches(sql, programId, { state, order, after, limit }));
      const { batches: items, next, searched } = page;
      return { items, nextCursor: next === undefined ? null : encodeCursor([next]), searched };
    },
  );
}

function totalsRoute(app: App, { sql, findProgram, readMs }: ListContext): void {
  app.get(
    '/v1/programs/:program/batches/totals',
    {
      ...requireScope('read'),
      schema: {
        summary: 'How many batches a filter leaves and what they had, of the newest 200,000',
        tags: ['batches'],
        params: programParamsSchema,
        querystring: batchesFilterSchema,
        response: { 200: batchesTotalsSchema },
      },
    },
    async (request) => {
      const programId = await programIdOf(request.params.program, findProgram);
      return within(readMs, sumBatches(sql, programId, request.query));
    },
  );
}

function fileRoute(app: App, { sql, findProgram, readMs, files }: ListContext): void {
  app.get(
    '/v1/programs/:program/batches/file',
    {
      ...requireScope('read'),
      schema: {
        summary: 'Every batch that a filter leaves, as CSV or NDJSON',
        tags: ['batches'],
        params: programParamsSchema,
        querystring: batchesFileQuerySchema,
        response: { 200: listFileOut },
      },
    },
    async (request, reply) => {
      const { format, state, order } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const read = async (after: number | undefined) => {
        const page = await within(readMs, listBatches(sql, programId, { state, order, after, limit: FILE_PAGE }));
        return { rows: page.batches, next: page.next };
      };
      return files.send(reply, { format, name: `${request.params.program}-batches`, columns: COLUMNS, read });
    },
  );
}

function batchRoute(app: App, { sql, findProgram, readMs }: ListContext): void {
  app.get(
    '/v1/programs/:program/batches/:batchId',
    {
      ...requireScope('read'),
      schema: {
        summary: 'A batch',
        tags: ['batches'],
        params: batchParamsSchema,
        response: { 200: batchOutSchema },
      },
    },
    async (request) => {
      const { program, batchId } = request.params;
      const programId = await programIdOf(program, findProgram);
      const batch = batchIdSchema.safeParse(batchId).success
        ? await within(readMs, findBatch(sql, programId, Number(batchId)))
        : undefined;
      if (batch === undefined) {
        throw new AppError('not-found', `Program ${program} has no batch ${batchId}`);
      }
      return batch;
    },
  );
}
