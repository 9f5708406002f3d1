import {
  type ExcludedEvent,
  type ExcludedEventsFilter,
  excludedEventSchema,
  excludedEventsFileQuerySchema,
  excludedEventsPageSchema,
  excludedEventsQuerySchema,
} from '@rewardbook/contracts/api/excluded-events';
import { periodParamsSchema } from '@rewardbook/contracts/api/periods';
import { encodeCursor } from '@rewardbook/contracts/values/cursor';
import { findClose } from '@rewardbook/db/books/closes';
import { requireProgram } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { eventType } from '@rewardbook/domain/events/event';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { FILE_PAGE, ListFiles, listFileOut } from '@rewardbook/runtime/http/list-files';
import { readCursor } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import { type ExcludedPlace, type ExcludedRow, listExcluded } from './sql/excluded.ts';

const id = z.string().max(512);
const placeSchema = z.tuple([id, id, id]);

const COLUMNS = Object.keys(excludedEventSchema.shape);
const PATH = '/v1/programs/:program/periods/:period/excluded-events';

/** What rules kept from counting at a close, event by event. */
export function registerExcluded(app: App, sql: Sql): void {
  const files = new ListFiles();
  app.get(
    PATH,
    {
      ...requireScope('read'),
      schema: {
        tags: ['explanations'],
        summary: 'The events that a close excluded, by rule, creator or viewer; in order of viewer, id and source',
        params: periodParamsSchema,
        querystring: excludedEventsQuerySchema,
        response: { 200: excludedEventsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const close = await requireClosed(sql, request.params);
      const after = readCursor(cursor, placeSchema);
      const { rows, searched, next } = await listExcluded(sql, { ...close, ...listedBy(filter), after, limit });
      return { items: rows.map(toExcluded), searched, nextCursor: next === null ? null : encodeCursor(next) };
    },
  );

  app.get(
    `${PATH}/file`,
    {
      ...requireScope('read'),
      schema: {
        tags: ['explanations'],
        summary: 'Every event that a close excluded and a filter leaves, as CSV or NDJSON',
        params: periodParamsSchema,
        querystring: excludedEventsFileQuerySchema,
        response: { 200: listFileOut },
      },
    },
    async (request, reply) => {
      const { program, period } = request.params;
      const { format, ...filter } = request.query;
      const close = await requireClosed(sql, request.params);
      const read = async (after: ExcludedPlace | undefined) => {
        const page = { ...close, ...listedBy(filter), after, limit: FILE_PAGE };
        const { rows, next } = await listExcluded(sql, page);
        return { rows: rows.map(toExcluded), next: next ?? undefined };
      };
      return files.send(reply, { format, name: `${program}-${period}-excluded-events`, columns: COLUMNS, read });
    },
  );
}

/** @throws AppError `program-unknown`, `not-closed` */
async function requireClosed(
  sql: Sql,
  { program, period }: { readonly program: string; readonly period: string },
): Promise<{ readonly programId: number; readonly attemptId: string }> {
  const { programId } = await requireProgram(sql, program);
  const close = await findClose(sql, programId, period);
  if (close?.status !== 'closed') {
    throw new AppError('not-closed', `Period ${period} is not closed; no rule has excluded an event of it yet`);
  }
  return { programId, attemptId: close.attemptId };
}

function listedBy({ rule, creator, viewer }: ExcludedEventsFilter) {
  return { rule, creatorId: creator, viewerId: viewer };
}

function toExcluded({ rule, contentId, active, occurredAt, ...row }: ExcludedRow): ExcludedEvent {
  return {
    ...row,
    type: eventType(contentId === '', active),
    contentId: contentId === '' ? null : contentId,
    occurredAt: formatInstant(occurredAt),
    excludedBy: excludedEventSchema.shape.excludedBy.parse(rule),
  };
}
