import { connectForKeys, findApiKey } from '@rewardbook/db/api-keys';
import { connect } from '@rewardbook/db/client';
import type { Queues } from '@rewardbook/queue/queues';
import { createApp } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { LiveLimits } from '@rewardbook/runtime/live/live';
import type { Composed } from '@rewardbook/runtime/serve';
import type { FastifyBaseLogger } from 'fastify';
import { liveRoute } from './http/live-route.ts';
import { getEvents } from './http/read-routes.ts';
import { postEvents } from './http/routes.ts';
import { Admission } from './ingest/admission.ts';
import { Collector } from './ingest/collector.ts';
import { DEFAULT_LIMITS, type Limits } from './ingest/limits.ts';
import { watchLoopDelay } from './ingest/loop-delay.ts';
import { IngestMetrics } from './ingest/metrics.ts';
import { Recorder } from './ingest/recorder.ts';
import { withRetries } from './ingest/retry.ts';
import { TallyAnnouncer } from './ingest/tally-announcer.ts';
import { batchStore } from './sql/batch-store.ts';
import { programFinder } from './sql/program-store.ts';

export interface EventsDeps {
  /** A login of the role `rewardbook_events`. */
  readonly databaseUrl: string;
  /** Where tally jobs go; the caller closes it, after this service. */
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly logger: FastifyBaseLogger;
  readonly limits?: Partial<Limits>;
  /** Of the streams of what arrives; what is left out is as usual. */
  readonly live?: Partial<LiveLimits>;
  /** Connections that write events. More than the cores of the database gain little. */
  readonly writers?: number;
  /** Epoch milliseconds; tests give their own. */
  readonly now?: () => number;
}

const READERS = 4;

/** The service that takes engagement events in. */
export async function compose(deps: EventsDeps): Promise<Composed> {
  const { databaseUrl, queues, logger, now = Date.now } = deps;
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  // Reads have their own connections, so that a slow list never holds up ingest.
  const writing = connect(databaseUrl, { max: deps.writers ?? 4, applicationName: 'engagement-events' });
  const reading = connect(databaseUrl, {
    max: READERS,
    applicationName: 'engagement-events',
    statementTimeoutMs: limits.readMs,
  });

  const keys = connectForKeys(databaseUrl);
  const lookUp = { forMs: limits.retryMs, limitMs: limits.retryMs };
  const app = await createApp({
    name: 'engagement-events',
    description: 'Takes engagement events in, durably and once.',
    logger,
    findKey: (hash) => withRetries(() => findApiKey(keys, hash), lookUp),
    checks: { database: () => reading`SELECT 1` },
    now,
  });
  const loopDelay = watchLoopDelay();
  const announcer = new TallyAnnouncer({
    enqueue: (batchIds) => queues.enqueue('tally', { batchIds }),
    onFailure: (error, batches) => {
      metrics.enqueueFailed();
      logger.warn({ err: error, batches }, 'tally job not enqueued; the sweep will do it');
    },
  });
  const metrics: IngestMetrics = new IngestMetrics(app.metrics, {
    streams: () => admission.streams,
    waiting: () => collector.waiting,
  });
  const recorder = new Recorder({
    store: batchStore(writing),
    retryMs: limits.retryMs,
    statementMs: limits.statementMs,
    metrics,
    onRetry: (error) => logger.warn({ err: error }, 'trying a statement again'),
    onSealed: (programId, batchId) => announcer.announce(programId, batchId),
  });
  const collector = new Collector(recorder, limits);
  const admission: Admission = new Admission(limits, {
    loopDelayMs: () => loopDelay.milliseconds,
    databaseFails: () => recorder.failing,
    oldestStatementMs: () => recorder.oldestMs,
    waitingEvents: () => collector.waiting,
    putOff: (reason) => metrics.putOff(reason),
  });

  // A shutdown waits for requests; a stream that would not end in time is answered with how far it came.
  const stopping = new AbortController();
  app.addHook('preClose', async () => {
    const timer = setTimeout(
      () => stopping.abort(new AppError('shutting-down', 'The service is shutting down; send the rest again')),
      limits.drainMs,
    );
    timer.unref();
  });
  const findProgram = programFinder(keys, (statement) => withRetries(statement, lookUp));
  await postEvents(app, { findProgram, recorder, collector, admission, limits, now, stop: stopping.signal });
  getEvents(app, { sql: reading, findProgram, readMs: limits.readMs });
  liveRoute(app, {
    sql: reading,
    findProgram,
    readMs: limits.readMs,
    ...(deps.live === undefined ? {} : { limits: deps.live }),
  });

  return {
    app,
    workers: [],
    close: async () => {
      loopDelay.stop();
      await announcer.close();
      await Promise.all([writing, reading, keys].map((sql) => sql.end({ timeout: 5 })));
    },
  };
}
