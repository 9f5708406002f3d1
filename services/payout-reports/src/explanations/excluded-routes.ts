import {
  type ExcludedEvent,
  excludedEventSchema,
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
import { readCursor } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import { type ExcludedRow, listExcluded } from './sql/excluded.ts';

const id = z.string().max(512);
const placeSchema = z.tuple([id, id, id]);

/** What rules kept from counting at a close, event by event. */
export function registerExcluded(app: App, sql: Sql): void {
  app.get(
    '/v1/programs/:program/periods/:period/excluded-events',
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
      const { program, period } = request.params;
      const { limit, cursor, rule, creator, viewer } = request.query;
      const { programId } = await requireProgram(sql, program);
      const close = await findClose(sql, programId, period);
      if (close?.status !== 'closed') {
        throw new AppError('not-closed', `Period ${period} is not closed; no rule has excluded an event of it yet`);
      }
      const { rows, searched, next } = await listExcluded(sql, {
        programId,
        attemptId: close.attemptId,
        rule,
        creatorId: creator,
        viewerId: viewer,
        after: readCursor(cursor, placeSchema),
        limit,
      });
      return { items: rows.map(toExcluded), searched, nextCursor: next === null ? null : encodeCursor(next) };
    },
  );
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
