import { decodeCursor, toPage } from '@rewardbook/contracts/cursor';
import {
  explainedEngagementsPageSchema,
  explainedEngagementsQuerySchema,
  explainedEventsPageSchema,
  explainedEventsQuerySchema,
  explanationParamsSchema,
  explanationSchema,
} from '@rewardbook/contracts/explanation';
import type { Sql } from '@rewardbook/db/client';
import { parseInstant } from '@rewardbook/domain/instant';
import { requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/errors';
import { z } from 'zod';
import { explainedEngagements, explainedEvents } from '../reports/explained-lists.ts';
import { explain } from '../reports/explanation.ts';
import { type ExplainedCreator, openExplanation } from '../reports/explanation-scope.ts';
import { openReport } from '../reports/report.ts';
import type { ReportSource } from '../store/in-batches.ts';

const id = z.string().max(512);
const engagementKey = z.tuple([id, id]);
const eventKey = z.tuple([z.int(), id, id, id]);

/** Why a creator got an amount, and the lists behind its numbers. */
export function registerExplanations(app: App, sql: Sql, source: ReportSource): void {
  const path = '/v1/programs/:program/periods/:period/creators/:creator/explanation';
  const tags = ['explanations'];
  const open = async (params: { program: string; period: string; creator: string }): Promise<ExplainedCreator> =>
    openExplanation(await openReport(sql, source, params.program), params.period, params.creator);

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
    async (request) => explain(await open(request.params)),
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
    async (request) => {
      const { limit, cursor, outcome } = request.query;
      const after = keyOf(cursor, engagementKey);
      const rows = await explainedEngagements(await open(request.params), { outcome, after, limit: limit + 1 });
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
    async (request) => {
      const { limit, cursor, viewerId, contentId, rule } = request.query;
      const after = keyOf(cursor, eventKey);
      const filter = { viewerId, contentId, rule, after, limit: limit + 1 };
      const rows = await explainedEvents(await open(request.params), filter);
      return toPage(rows, limit, (row) => [parseInstant(row.occurredAt) ?? 0, row.id, row.source, row.viewerId]);
    },
  );
}

function keyOf<Key extends z.ZodType>(cursor: string | undefined, key: Key): z.output<Key> | undefined {
  if (cursor === undefined) return undefined;
  const decoded = decodeCursor(cursor, key);
  if (decoded === undefined) throw new AppError('bad-cursor', 'Give nextCursor of the page before, as it is');
  return decoded;
}
