import {
  batchesPageSchema,
  batchesQuerySchema,
  batchOutSchema,
  batchParamsSchema,
} from '@rewardbook/contracts/api/ingest/batches';
import { eventsPageSchema, eventsQuerySchema } from '@rewardbook/contracts/api/ingest/events';
import { refusedEventsPageSchema, refusedEventsQuerySchema } from '@rewardbook/contracts/api/ingest/refused-events';
import { encodeCursor, toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import type { Sql } from '@rewardbook/db/client';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import { within } from '../ingest/retry.ts';
import { findBatch, listBatches } from '../sql/batch-list.ts';
import { listEvents } from '../sql/event-store.ts';
import type { FindProgram } from '../sql/program-store.ts';
import { listRefused } from '../sql/refused-list.ts';
import { programIdOf } from './program-id.ts';

const eventKeySchema = z.tuple([z.string(), z.string(), z.string()]);
const BATCH_ID = /^[1-9]\d{0,14}$/; // safe as a number

export interface GetEventsOptions {
  readonly sql: Sql;
  readonly findProgram: FindProgram;
  /** Longest time for a page. */
  readonly readMs: number;
}

/** `GET` of events, batches and refused events, by cursor. */
export function getEvents(app: App, options: GetEventsOptions): void {
  eventsRoute(app, options);
  batchesRoute(app, options);
  batchRoute(app, options);
  refusedEventsRoute(app, options);
}

function eventsRoute(app: App, { sql, findProgram, readMs }: GetEventsOptions): void {
  app.get(
    '/v1/programs/:program/events',
    {
      ...requireScope('read'),
      schema: {
        summary: 'List events',
        description:
          'With a filter a page looks through 50,000 events, and may have fewer than `limit` of them or none: go on while there is a nextCursor.',
        tags: ['events'],
        params: programParamsSchema,
        querystring: eventsQuerySchema,
        response: { 200: eventsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, viewerId, creatorId } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const key = readCursor(cursor, eventKeySchema);
      const after = key && { id: key[0], source: key[1], viewerId: key[2] };
      const wanted = { viewerId, creatorId, after, limit };
      const { events, next } = await within(readMs, listEvents(sql, programId, wanted));
      return { items: events, nextCursor: next ? encodeCursor([next.id, next.source, next.viewerId]) : null };
    },
  );
}

function batchesRoute(app: App, { sql, findProgram, readMs }: GetEventsOptions): void {
  app.get(
    '/v1/programs/:program/batches',
    {
      ...requireScope('read'),
      schema: {
        summary: 'List batches',
        tags: ['batches'],
        params: programParamsSchema,
        querystring: batchesQuerySchema,
        response: { 200: batchesPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, state } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const after = readCursor(cursor, numberKeySchema)?.[0];
      const rows = await within(
        readMs,
        listBatches(sql, programId, { untalliedOnly: state === 'untallied', after, limit: limit + 1 }),
      );
      return toPage(rows, limit, (batch) => [Number(batch.batchId)]);
    },
  );
}

function batchRoute(app: App, { sql, findProgram, readMs }: GetEventsOptions): void {
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
      const batch = BATCH_ID.test(batchId)
        ? await within(readMs, findBatch(sql, programId, Number(batchId)))
        : undefined;
      if (batch === undefined) {
        throw new AppError('not-found', `Program ${program} has no batch ${batchId}`);
      }
      return batch;
    },
  );
}

function refusedEventsRoute(app: App, { sql, findProgram, readMs }: GetEventsOptions): void {
  app.get(
    '/v1/programs/:program/refused-events',
    {
      ...requireScope('read'),
      schema: {
        summary: 'List refused events',
        description:
          'Of each request the first 1,000 conflicts and the first 1,000 rejected events, up to 32 MB a day.',
        tags: ['events'],
        params: programParamsSchema,
        querystring: refusedEventsQuerySchema,
        response: { 200: refusedEventsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, code } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const rows = await within(
        readMs,
        listRefused(sql, programId, { code, after: readCursor(cursor, numberKeySchema)?.[0], limit: limit + 1 }),
      );
      const page = toPage(rows, limit, (row) => [row.refusalId]);
      return { items: page.items.map((row) => row.refused), nextCursor: page.nextCursor };
    },
  );
}
