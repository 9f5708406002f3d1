import { ingestLiveSchema } from '@rewardbook/contracts/api/live/ingest';
import { eventStreamOf } from '@rewardbook/contracts/api/live/stream';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import type { Sql } from '@rewardbook/db/client';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { LIVE_ROUTE, type LiveLimits, LiveStreams } from '@rewardbook/runtime/live/live';
import { SharedPolls } from '@rewardbook/runtime/live/shared-polls';
import { within } from '../ingest/retry.ts';
import { readIngestLive } from '../sql/live-state.ts';
import type { FindProgram } from '../sql/program-store.ts';
import { programIdOf } from './program-id.ts';

const PAUSE_MS = 1_000;

export interface LiveRouteOptions {
  readonly sql: Sql;
  readonly findProgram: FindProgram;
  /** Longest time for a read. */
  readonly readMs: number;
  readonly limits?: Partial<LiveLimits>;
}

/** What arrives for a program, as it arrives: read from the database, so that it is of all instances. */
export function liveRoute(app: App, { sql, findProgram, readMs, limits }: LiveRouteOptions): void {
  const streams = new LiveStreams(app, limits);
  const polls = new SharedPolls<number>({
    read: (programId) => within(readMs, readIngestLive(sql, programId)),
    pauseMs: PAUSE_MS,
  });
  app.get(
    '/v1/programs/:program/live',
    {
      ...LIVE_ROUTE,
      ...requireScope('read'),
      schema: {
        summary: 'What arrives, as it arrives: rates, time until tallied, batches, refused events',
        tags: ['live'],
        params: programParamsSchema,
        response: { 200: eventStreamOf(ingestLiveSchema) },
      },
    },
    async (request, reply) => {
      const key = await programIdOf(request.params.program, findProgram);
      return streams.send(reply, { polls, key });
    },
  );
}
