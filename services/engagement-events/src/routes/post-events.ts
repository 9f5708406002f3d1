import { isUtf8 } from 'node:buffer';
import { cloudEventSchema, parseCloudEvent } from '@rewardbook/contracts/cloud-event';
import { eventSchema, MAX_AHEAD_MS, parseEvent } from '@rewardbook/contracts/event';
import { EventScanner } from '@rewardbook/contracts/event-scanner';
import { ingestedSchema } from '@rewardbook/contracts/events';
import { programParamsSchema } from '@rewardbook/contracts/slug';
import { keyOf, requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/errors';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Admission } from '../ingest/admission.ts';
import type { Collector } from '../ingest/collector.ts';
import { ingestLines } from '../ingest/ingest-lines.ts';
import { ingestScanned, ingestValues } from '../ingest/ingest-values.ts';
import { Outcome } from '../ingest/outcome.ts';
import type { Recorder } from '../ingest/recorder.ts';
import type { Limits } from '../limits.ts';
import type { FindProgram } from '../store/program-store.ts';
import { type BodyKind, bodyKindOf, MEDIA_TYPES } from './media-type.ts';
import { programIdOf } from './program-id.ts';
import { bodyPieces, readAtOnce, readWhole } from './read-body.ts';
import { sendBroken, sendRefused } from './send-ingested.ts';

export interface PostEventsOptions {
  readonly findProgram: FindProgram;
  readonly recorder: Recorder;
  readonly collector: Collector;
  readonly admission: Admission;
  readonly limits: Limits;
  readonly now: () => number;
  /** Ends the streams under way. */
  readonly stop: AbortSignal;
}

const bodySchema = z.union([eventSchema, z.array(eventSchema), cloudEventSchema, z.array(cloudEventSchema)]);

/** `POST /v1/programs/:program/events`: takes events in, however they are packed. */
export async function postEvents(app: App, options: PostEventsOptions): Promise<void> {
  const { findProgram, recorder, collector, admission, limits, now, stop } = options;
  // Used without a pause between reading and adding, so one does for all requests.
  const scanner = new EventScanner();

  await app.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    // Bodies are read by the handler: streams as they come, the others with limits and decompression of our own.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(MEDIA_TYPES, (_request, _payload, done) => done(null));

    scope.post(
      '/v1/programs/:program/events',
      {
        // A stream may take hours, and be silent while we do not read: read-body has time-outs of its own.
        config: { ...requireScope('events:write').config, bodyTimes: { totalMs: limits.streamMs, byHandler: true } },
        schema: {
          summary: 'Record events',
          description: `One event, an array, NDJSON (a stream of any length) or CloudEvents; gzip too. Answers when the events
are durable. A refused event costs no other. A body of one event that is refused is answered with 422, or 409 for a conflict.`,
          tags: ['events'],
          consumes: MEDIA_TYPES,
          params: programParamsSchema,
          body: bodySchema,
          response: { 200: ingestedSchema },
        },
        // The body's schema is for the API's description; parseEvent does the work.
        validatorCompiler: ({ schema, method, url, httpPart }) =>
          httpPart === 'body' || !(schema instanceof z.ZodType) ? asItIs : validatorCompiler({ schema, method, url }),
      },
      async (request, reply) => {
        const kind = bodyKindOf(request.headers['content-type']) ?? 'json';
        const length = request.headers['content-length'];
        const release =
          kind === 'lines'
            ? admission.admitStream(keyOf(request).keyId)
            : admission.admitBody(length === undefined ? undefined : Number(length));
        const outcome = new Outcome();
        try {
          const programId = await programIdOf(request.params.program, findProgram);
          const context = { programId, recorder, limits, now, outcome };
          if (kind === 'lines') {
            const pieces = bodyPieces(request.raw, { idleMs: limits.idleMs, totalMs: limits.streamMs, stop });
            const broken = await ingestLines(context, pieces);
            return broken === undefined
              ? reply.serializer(JSON.stringify).send(outcome.answer())
              : sendBroken(broken, outcome.answer(), request, reply);
          }
          const bytes =
            readAtOnce(request.raw, limits.bodyBytes) ??
            (await readWhole(request.raw, limits.bodyBytes, limits.bodyMs));
          let isOne = true;
          let broken: unknown;
          if (kind === 'json' && scanner.scan(bytes, 0, bytes.length, now() + MAX_AHEAD_MS)) {
            broken = await ingestScanned(context, bytes, scanner, collector);
          } else {
            const body = parseJson(bytes, kind);
            isOne = !Array.isArray(body);
            const parse = kind === 'json' ? parseEvent : parseCloudEvent;
            broken = await ingestValues(context, Array.isArray(body) ? body : [body], parse, collector);
          }
          const answer = outcome.answer();
          if (broken !== undefined) return sendBroken(broken, answer, request, reply);
          if (isOne && answer.refused[0] !== undefined) return sendRefused(answer.refused[0], answer, request, reply);
          return reply.serializer(JSON.stringify).send(answer);
        } finally {
          release();
        }
      },
    );
  });
}

const asItIs = (value: unknown) => ({ value });

function parseJson(bytes: Buffer, kind: BodyKind): unknown {
  if (bytes.length === 0) throw new AppError('bad-json', 'The body is empty; send an event or an array of events');
  if (!isUtf8(bytes)) throw new AppError('bad-json', 'The body is not UTF-8');
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad-json', `The body is not JSON: ${message.slice(0, 200)}`, { cause });
  }
  if (kind === 'cloud-events' && !Array.isArray(body)) {
    throw new AppError('bad-request', 'A CloudEvents batch is a JSON array');
  }
  if (kind === 'cloud-event' && Array.isArray(body)) {
    throw new AppError(
      'bad-request',
      'A CloudEvent is a JSON object; send a batch as application/cloudevents-batch+json',
    );
  }
  return body;
}
