import { type Ingested, ingestedSchema } from '@rewardbook/contracts/api/ingest/events';
import { cloudEventSchema } from '@rewardbook/contracts/events/cloud-event';
import { eventSchema, MAX_AHEAD_MS } from '@rewardbook/contracts/events/event';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Admission } from '../ingest/admission.ts';
import type { BodyRoom } from '../ingest/body-room.ts';
import type { Collector } from '../ingest/collector.ts';
import type { IngestContext } from '../ingest/ingest-context.ts';
import { ingestLines } from '../ingest/ingest-lines.ts';
import { ingestScanned, ingestValues } from '../ingest/ingest-values.ts';
import type { Limits } from '../ingest/limits.ts';
import { IngestOutcome } from '../ingest/outcome.ts';
import type { Recorder } from '../ingest/recorder.ts';
import type { StreamPlace } from '../ingest/stream-places.ts';
import type { FindProgram } from '../sql/program-store.ts';
import { binaryAttributes } from './binary-mode.ts';
import { type BodyKind, bodyKindOf, MEDIA_TYPES } from './media-type.ts';
import { programIdOf } from './program-id.ts';
import { bodyPieces, readAtOnce, readWhole } from './read-body.ts';
import { readValues } from './read-values.ts';
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

/** `POST /v1/programs/:program/events`: takes events in, in any of the accepted body formats. */
export async function postEvents(app: App, options: PostEventsOptions): Promise<void> {
  const { findProgram, recorder, collector, admission, limits, now, stop } = options;
  // Nothing is awaited between reading and adding, so all requests share one.
  const scanner = new EventScanner();

  type Request = FastifyRequest<{ Params: { program: string } }>;

  const contextOf = async (request: Request): Promise<IngestContext> => {
    const programId = await programIdOf(request.params.program, findProgram);
    return { programId, recorder, limits, now, outcome: new IngestOutcome() };
  };

  const takeStream = async (request: Request, reply: FastifyReply, place: StreamPlace): Promise<FastifyReply> => {
    const context = await contextOf(request);
    const end = AbortSignal.any([stop, place.signal]);
    const times = { idleMs: limits.idleMs, totalMs: limits.streamMs };
    const broken = await ingestLines(context, bodyPieces(request.raw, { ...times, stop: end, pulse: place }));
    const answer = context.outcome.answer();
    return broken === undefined ? sendAnswer(reply, answer) : sendBroken(broken, answer, request, reply);
  };

  const takeBody = async (
    request: Request,
    reply: FastifyReply,
    { kind, attributes }: { readonly kind: BodyKind; readonly attributes: ReturnType<typeof binaryAttributes> },
    room: BodyRoom,
  ): Promise<FastifyReply> => {
    const context = await contextOf(request);
    const { bodyBytes: maxBytes, bodyMs: totalMs, bodyIdleMs: idleMs } = limits;
    const bytes =
      readAtOnce(request.raw, maxBytes, room) ?? (await readWhole(request.raw, { maxBytes, idleMs, totalMs, room }));
    let isOne = true;
    let broken: unknown;
    if (kind === 'json' && attributes === undefined && scanner.scan(bytes, 0, bytes.length, now() + MAX_AHEAD_MS)) {
      broken = await ingestScanned(context, bytes, scanner, collector);
    } else {
      const contentType = request.headers['content-type'];
      const values = readValues(bytes, kind, attributes && { attributes, contentType });
      isOne = values.isOne;
      broken = await ingestValues(context, values, collector);
    }
    const answer = context.outcome.answer();
    if (broken !== undefined) {
      return sendBroken(broken, answer, request, reply);
    }
    if (isOne && answer.refused[0] !== undefined) {
      return sendRefused(answer.refused[0], answer, request, reply);
    }
    return sendAnswer(reply, answer);
  };

  await app.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    // Bodies are read by the handler: streams as they come, the others with our own limits and decompression.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(MEDIA_TYPES, (_request, _payload, done) => done(null));

    scope.post(
      '/v1/programs/:program/events',
      {
        // A stream may take hours, and be silent while we do not read: read-body has its own time-outs.
        config: { ...requireScope('events:write').config, bodyTimes: { totalMs: limits.streamMs, byHandler: true } },
        schema: {
          summary: 'Record events',
          description: `One event, an array, NDJSON (a stream of any length) or CloudEvents (structured, batch, or binary: headers ce-…); gzip too. Answers when the events
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
        const { keyId } = keyOf(request);
        const kind = bodyKindOf(request.headers['content-type']) ?? 'json';
        const attributes = kind === 'json' || kind === 'lines' ? binaryAttributes(request.raw) : undefined;
        if (kind === 'lines') {
          if (attributes !== undefined) {
            throw new AppError('bad-request', 'Headers ce-… are of one event; its data is application/json');
          }
          const place = admission.admitStream(keyId);
          return await takeStream(request, reply, place).finally(place.release);
        }
        const room = admission.admitBody(keyId);
        return await takeBody(request, reply, { kind, attributes }, room).finally(room.release);
      },
    );
  });
}

/** The counts, whose shape is fixed: no schema is needed to serialize them. */
function sendAnswer(reply: FastifyReply, answer: Ingested): FastifyReply {
  return reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(answer);
}

const asItIs = (value: unknown) => ({ value });
