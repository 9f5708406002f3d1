import {
  type EventsFilter,
  eventsFileQuerySchema,
  eventsFilterSchema,
  eventsPageSchema,
  eventsQuerySchema,
  eventsTotalsSchema,
} from '@rewardbook/contracts/api/ingest/events';
import { encodeCursor } from '@rewardbook/contracts/values/cursor';
import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { FILE_PAGE, listFileOut } from '@rewardbook/runtime/http/list-files';
import { readCursor } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import { within } from '../ingest/retry.ts';
import { toEventOut } from '../sql/event-row.ts';
import { countEventsByBatch, listEventsByBatch, type ReceivedKey } from '../sql/events-by-batch.ts';
import { type EventKey, type EventsPage, listEventsById } from '../sql/events-by-id.ts';
import type { ListContext } from './list-context.ts';
import { programIdOf } from './program-id.ts';

const eventKeySchema = z.tuple([z.string(), z.string(), z.string()]);
const receivedKeySchema = z.tuple([z.int().min(0), z.string(), z.string(), z.string()]);
const COLUMNS = ['id', 'source', 'type', 'viewerId', 'creatorId', 'contentId', 'occurredAt'];
/** Pages of events that totals look through. */
const PAGES_COUNTED = 10;

const WALK =
  'With a filter that has no index (viewer, creator, type, time) a page looks through 50,000 events, and may have fewer than `limit` ' +
  'of them or none: go on while there is a nextCursor. `searched` says how many it looked through.';

/** How the events are asked for. */
interface Asked {
  readonly filter: EventsFilter;
  readonly sort: 'id' | 'received';
  readonly order: ListOrder;
}

export function eventRoutes(app: App, context: ListContext): void {
  listRoute(app, context);
  totalsRoute(app, context);
  fileRoute(app, context);
}

/** An id, or the order of ids, is found by the key of the table; a batch, or the order of arrival, by the batches. */
function goesById({ filter, sort }: Pick<Asked, 'filter' | 'sort'>): boolean {
  return filter.id !== undefined || (sort === 'id' && filter.batchId === undefined);
}

function listRoute(app: App, { sql, findProgram, readMs }: ListContext): void {
  app.get(
    '/v1/programs/:program/events',
    {
      ...requireScope('read'),
      schema: {
        summary: 'List events, by id or in the order in which they came',
        description: WALK,
        tags: ['events'],
        params: programParamsSchema,
        querystring: eventsQuerySchema,
        response: { 200: eventsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, sort, order, ...filter } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      if (goesById({ filter, sort })) {
        const key = readCursor(cursor, eventKeySchema);
        const after = key && { id: key[0], source: key[1], viewerId: key[2] };
        const page = await within(readMs, listEventsById(sql, programId, { filter, order, after, limit }));
        return toPage(page, (next) => [next.id, next.source, next.viewerId]);
      }
      const key = readCursor(cursor, receivedKeySchema);
      const after = key && { batchId: key[0], id: key[1], source: key[2], viewerId: key[3] };
      const page = await within(readMs, listEventsByBatch(sql, programId, { filter, order, after, limit }));
      return toPage(page, (next) => [next.batchId, next.id, next.source, next.viewerId]);
    },
  );
}

function toPage<Key>({ events, next, searched }: EventsPage<Key>, keyOf: (next: Key) => (string | number)[]) {
  return {
    items: events.map(toEventOut),
    nextCursor: next === undefined ? null : encodeCursor(keyOf(next)),
    searched,
  };
}

function totalsRoute(app: App, { sql, findProgram, readMs }: ListContext): void {
  app.get(
    '/v1/programs/:program/events/totals',
    {
      ...requireScope('read'),
      schema: {
        summary: 'How many events a filter leaves, of the newest half a million',
        tags: ['events'],
        params: programParamsSchema,
        querystring: eventsFilterSchema,
        response: { 200: eventsTotalsSchema },
      },
    },
    async (request) => {
      const filter = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      if (filter.id !== undefined) {
        const wanted = { filter, order: 'asc', after: undefined, limit: 1_000 } as const;
        const { events, next } = await within(readMs, listEventsById(sql, programId, wanted));
        return { count: events.length, searched: null, isWhole: next === undefined };
      }
      let [count, searched] = [0, 0];
      let after: ReceivedKey | undefined;
      for (let pages = 0; pages < PAGES_COUNTED; pages += 1) {
        const page = await within(readMs, countEventsByBatch(sql, programId, { filter, after }));
        count += page.count;
        searched += page.searched;
        after = page.next;
        if (after === undefined) {
          return { count, searched, isWhole: true };
        }
      }
      return { count, searched, isWhole: false };
    },
  );
}

function fileRoute(app: App, { sql, findProgram, readMs, files }: ListContext): void {
  app.get(
    '/v1/programs/:program/events/file',
    {
      ...requireScope('read'),
      schema: {
        summary: 'Every event that a filter leaves, as CSV or NDJSON; NDJSON can be sent again unchanged',
        tags: ['events'],
        params: programParamsSchema,
        querystring: eventsFileQuerySchema,
        response: { 200: listFileOut },
      },
    },
    async (request, reply) => {
      const { format, sort, order, ...filter } = request.query;
      const programId = await programIdOf(request.params.program, findProgram);
      const file = { format, name: `${request.params.program}-events`, columns: COLUMNS };
      const limit = FILE_PAGE;
      if (goesById({ filter, sort })) {
        const read = async (after: EventKey | undefined) => {
          const page = await within(readMs, listEventsById(sql, programId, { filter, order, after, limit }));
          return { rows: page.events.map(toEventOut), next: page.next };
        };
        return files.send(reply, { ...file, read });
      }
      const read = async (after: ReceivedKey | undefined) => {
        const page = await within(readMs, listEventsByBatch(sql, programId, { filter, order, after, limit }));
        return { rows: page.events.map(toEventOut), next: page.next };
      };
      return files.send(reply, { ...file, read });
    },
  );
}
