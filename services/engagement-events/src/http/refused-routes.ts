import {
  refusedEventsFileQuerySchema,
  refusedEventsFilterSchema,
  refusedEventsPageSchema,
  refusedEventsQuerySchema,
  refusedEventsTotalsSchema,
} from '@rewardbook/contracts/api/ingest/refused-events';
import { encodeCursor } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { FILE_PAGE, listFileOut } from '@rewardbook/runtime/http/list-files';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import { within } from '../ingest/retry.ts';
import { countRefused, listRefused } from '../sql/refused-list.ts';
import type { ListContext } from './list-context.ts';
import { programIdOf } from './program-id.ts';

const COLUMNS = ['refusal', 'index', 'id', 'code', 'message', 'receivedAt', 'event'];

export function refusedRoutes(app: App, context: ListContext): void {
  listRoute(app, context);
  totalsRoute(app, context);
  fileRoute(app, context);
}

function listRoute(app: App, { sql, findProgram, readMs }: ListContext): void {
  app.get(
    '/v1/programs/:program/refused-events',
    {
      ...requireScope('read'),
      schema: {
        summary: 'List refused events, the oldest or the newest first',
        description:
          'Of each request the first 1,000 conflicts and the first 1,000 rejected events, up to 32 MB a day. With an id, a viewer, a ' +
          'creator or a search a page looks through 20,000 of them, and may have fewer than `limit`.',
        tags: ['events'],
        params: programParamsSchema,
        querystring: refusedEventsQuerySchema,
        response: { 200: refusedEventsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, order, ...filter } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const after = readCursor(cursor, numberKeySchema)?.[0];
      const page = await within(readMs, listRefused(sql, programId, { filter, order, after, limit }));
      const { refused: items, next, searched } = page;
      return { items, nextCursor: next === undefined ? null : encodeCursor([next]), searched };
    },
  );
}

function totalsRoute(app: App, { sql, findProgram, readMs }: ListContext): void {
  app.get(
    '/v1/programs/:program/refused-events/totals',
    {
      ...requireScope('read'),
      schema: {
        summary: 'How many of the newest 50,000 refused events a filter leaves, by code',
        tags: ['events'],
        params: programParamsSchema,
        querystring: refusedEventsFilterSchema,
        response: { 200: refusedEventsTotalsSchema },
      },
    },
    async (request) => {
      const programId = await programIdOf(request.params.program, findProgram);
      return within(readMs, countRefused(sql, programId, request.query));
    },
  );
}

function fileRoute(app: App, { sql, findProgram, readMs, files }: ListContext): void {
  app.get(
    '/v1/programs/:program/refused-events/file',
    {
      ...requireScope('read'),
      schema: {
        summary: 'Every kept refused event that a filter leaves, as CSV or NDJSON',
        tags: ['events'],
        params: programParamsSchema,
        querystring: refusedEventsFileQuerySchema,
        response: { 200: listFileOut },
      },
    },
    async (request, reply) => {
      const { format, order, ...filter } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const read = async (after: number | undefined) => {
        const page = await within(readMs, listRefused(sql, programId, { filter, order, after, limit: FILE_PAGE }));
        return { rows: page.refused, next: page.next };
      };
      return files.send(reply, { format, name: `${request.params.program}-refused-events`, columns: COLUMNS, read });
    },
  );
}
