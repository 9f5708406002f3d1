import {
  explainedEngagementsPageSchema,
  explainedEngagementsQuerySchema,
  explainedEventsPageSchema,
  explainedEventsQuerySchema,
  explanationParamsSchema,
  explanationSchema,
} from '@rewardbook/contracts/api/explanation';
import { toPage } from '@rewardbook/contracts/values/cursor';
import type { Sql } from '@rewardbook/db/client';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import { readCursor } from '@rewardbook/runtime/http/page-cursor';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Places } from '../service/places.ts';
import type { ReportSource } from '../service/read-cursor.ts';
import { openReport } from '../service/report-context.ts';
import { explainedEngagements, explainedEvents } from './explained-lists.ts';
import { explainAmount } from './explanation.ts';
import { type ExplainedCreator, openExplanation } from './explanation-scope.ts';

/** Each reads through what its close used, on its own connections. */
const MAX_EXPLANATIONS = 8;
const MAX_EXPLANATIONS_PER_KEY = 4;

const id = z.string().max(512);
const engagementKey = z.tuple([id, id]);
const eventKey = z.tuple([z.int(), id, id, id]);

/** Why a creator got an amount, and the lists behind its numbers. */
export function registerExplanations(app: App, sql: Sql, source: ReportSource): void {
  const path = '/v1/programs/:program/periods/:period/creators/:creator/explanation';
  const tags = ['explanations'];
  const places = new Places('explanations', MAX_EXPLANATIONS, MAX_EXPLANATIONS_PER_KEY);
  type Request = FastifyRequest<{ Params: { program: string; period: string; creator: string } }>;
  const explaining = <Value>(
    request: Request,
    reply: FastifyReply,
    work: (explained: ExplainedCreator) => Promise<Value>,
  ): Promise<Value> =>
    places.hold(keyOf(request).keyId, async () => {
      const { program, period, creator } = request.params;
      const read = { ...source, signal: clientGone(reply) };
      return work(await openExplanation(await openReport(sql, read, program), period, creator));
    });

  app.get(
    path,
    {
      ...requireScope('read'),
      schema: {
        tags,
        summary: 'Why this amount: the whole derivation of a creator’s amount for a closed period',
        params: explanationParamsSchema,
        response: { 200: explanationSchema },
      },
    },
    (request, reply) => explaining(request, reply, explainAmount),
  );

  app.get(
    `${path}/engagements`,
    {
      ...requireScope('read'),
      schema: {
        tags,
        summary: 'The engagements that the close changed for the creator: gained, lost, or with another latest event',
        params: explanationParamsSchema,
        querystring: explainedEngagementsQuerySchema,
        response: { 200: explainedEngagementsPageSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor, outcome } = request.query;
      const after = readCursor(cursor, engagementKey);
      const rows = await explaining(request, reply, (explained) =>
        explainedEngagements(explained, { outcome, after, limit: limit + 1 }),
      );
      return toPage(rows, limit, (row) => [row.viewerId, row.contentId ?? '']);
    },
  );

  app.get(
    `${path}/events`,
    {
      ...requireScope('read'),
      schema: {
        tags,
        summary: 'The events that the close judged for the creator, and which rule excluded each',
        params: explanationParamsSchema,
        querystring: explainedEventsQuerySchema,
        response: { 200: explainedEventsPageSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor, viewerId, contentId, rule } = request.query;
      const after = readCursor(cursor, eventKey);
      const filter = { viewerId, contentId, rule, after, limit: limit + 1 };
      const rows = await explaining(request, reply, (explained) => explainedEvents(explained, filter));
      return toPage(rows, limit, (row) => [parseInstant(row.occurredAt) ?? 0, row.id, row.source, row.viewerId]);
    },
  );
}
