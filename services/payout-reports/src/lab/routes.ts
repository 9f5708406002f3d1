import { Readable } from 'node:stream';
import {
  labJobParamsSchema,
  labJobSchema,
  labJobsSchema,
  labQuestionSchema,
  labUploadSchema,
  labWaitQuerySchema,
} from '@rewardbook/contracts/api/lab';
import { recordingQuerySchema } from '@rewardbook/contracts/api/lab-recording';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { FastifyReply, FastifySchemaCompiler } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AnswerStream } from '../service/streamed-answer.ts';
import type { Lab } from './lab.ts';
import { recordingOf } from './recording.ts';

const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];
const tags = ['lab'];
const PIECE_BYTES = 65_536;
// Hundreds of megabytes; a sender that falls silent is cut off long before.
const UPLOAD_TIMES = { totalMs: 10 * 60_000 };
// Uploads and jobs belong to the key that sent or asked them; recorded events are looked at by `Lab`.
const read = requireScope('read', 'narrowed');

/** The policy lab: events in, questions in, jobs, answers. Nothing of it is written to the books. */
export async function registerLab(app: App, lab: Lab, answerStream: AnswerStream): Promise<void> {
  recordingRoute(app, lab, answerStream);
  await uploadRoute(app, lab);
  await questionRoute(app, lab);
  jobRoutes(app, lab);
}

function recordingRoute(app: App, lab: Lab, answerStream: AnswerStream): void {
  app.get(
    '/v1/programs/:program/lab/recording',
    {
      ...read,
      schema: {
        summary: 'All that a lab of one’s own needs of a program',
        description: `NDJSON: a head with the closes and what each used, the creators of all versions of the registry, then the accepted events
with the close that saw each first, late and excluded ones too, and an end. A lab that reads it answers as POST /v1/lab/questions does. Of
programs with at most ${lab.limits.events} events.`,
        tags,
        params: programParamsSchema,
        querystring: recordingQuerySchema,
        response: {
          200: {
            description:
              'Lines of packages/contracts/src/api/lab-recording.ts, and events in the form in which they are sent',
            content: { 'application/x-ndjson': { schema: z.string() } },
          },
        },
      },
    },
    (request, reply) => {
      const { program: slug } = request.params;
      const { period } = request.query;
      answerStream(request, reply, { program: slug }, async ({ sql, source }) => {
        const pieces = await recordingOf(sql, source, { slug, period }, lab.limits.events);
        return { contentType: 'application/x-ndjson', fileName: undefined, pieces, end: () => pieces.return() };
      });
    },
  );
}

async function uploadRoute(app: App, lab: Lab): Promise<void> {
  await app.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    // Streamed to a file by the handler.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
    scope.post(
      '/v1/lab/events',
      {
        config: { ...read.config, bodyTimes: UPLOAD_TIMES },
        schema: {
          summary: 'Send events to ask about',
          description: `NDJSON, gzip too. They are kept, in no program, until others need the room; the same events have the same name.`,
          tags,
          consumes: NDJSON,
          body: z.string().describe('Events, one JSON object a line'),
          response: { 200: labUploadSchema },
        },
        validatorCompiler: exceptBody,
      },
      async (request) => {
        const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
        const isGzip = encoding === 'gzip' || encoding === 'x-gzip';
        if (!isGzip && encoding !== 'identity') {
          throw new AppError('unsupported-media-type', `Content-Encoding ${encoding} is not supported; use gzip`);
        }
        const body: unknown = request.body;
        if (!isReadable(body)) {
          throw new AppError('bad-request', 'The body is empty; send events as NDJSON');
        }
        return lab.uploads.take(keyOf(request).keyId, body, isGzip);
      },
    );
  });
}

async function questionRoute(app: App, lab: Lab): Promise<void> {
  await app.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    // Read and checked in a thread: megabytes of JSON would hold up all other requests.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      '/v1/lab/questions',
      {
        ...read,
        bodyLimit: lab.limits.questionBytes,
        schema: {
          summary: 'Ask a question',
          description: `The same question about the same events is answered once: it has the same job. 200 where the job is over, 202 where it is
not yet; \`wait\` waits for it. A question that failed or was cancelled is worked on again.`,
          tags,
          querystring: labWaitQuerySchema,
          body: labQuestionSchema,
          response: { 200: labJobSchema, 202: labJobSchema },
        },
        validatorCompiler: exceptBody,
      },
      async (request, reply) => {
        const key = keyOf(request);
        const { keyId } = key;
        const body: unknown = request.body;
        const asked = await lab.ask(key, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
        const job = (await lab.jobs.wait(keyId, asked.job, request.query.wait * 1000)) ?? asked;
        const isOver = job.state !== 'waiting' && job.state !== 'running';
        reply.header('location', `/v1/lab/jobs/${job.job}`);
        return reply.code(isOver ? 200 : 202).send(job);
      },
    );
  });
}

function jobRoutes(app: App, lab: Lab): void {
  app.get(
    '/v1/lab/jobs',
    {
      ...read,
      schema: { summary: "List the key's jobs, the latest used first", tags, response: { 200: labJobsSchema } },
    },
    async (request) => ({ items: lab.jobs.list(keyOf(request).keyId) }),
  );

  const job = { tags, params: labJobParamsSchema, response: { 200: labJobSchema } };
  app.get(
    '/v1/lab/jobs/:job',
    { ...read, schema: { ...job, summary: 'A job and its progress', querystring: labWaitQuerySchema } },
    async (request) => known(await lab.jobs.wait(keyOf(request).keyId, request.params.job, request.query.wait * 1000)),
  );

  app.delete(
    '/v1/lab/jobs/:job',
    { ...read, schema: { ...job, summary: 'Cancel a job; a finished one stays unchanged' } },
    async (request) => known(lab.jobs.cancel(keyOf(request).keyId, request.params.job)),
  );

  app.get(
    '/v1/lab/jobs/:job/answer',
    {
      ...read,
      schema: {
        tags,
        params: labJobParamsSchema,
        summary: 'The answer: the bytes that the command of the same name prints with --json',
        response: {
          200: {
            description: 'By question: see packages/lab',
            content: { 'application/json': { schema: z.looseObject({}) } },
          },
        },
      },
    },
    (request, reply) => {
      const { keyId } = keyOf(request);
      const { state, failure } = known(lab.jobs.find(keyId, request.params.job));
      const answer = lab.jobs.answerOf(keyId, request.params.job);
      if (answer === undefined) {
        const why = failure === null ? `The job is ${state}` : `The job failed: ${failure.message} [${failure.code}]`;
        throw new AppError('job-not-done', why);
      }
      sendJson(reply, answer);
    },
  );
}

/** Handlers check the body themselves; its schema is for the API's description. */
const exceptBody: FastifySchemaCompiler<unknown> = ({ schema, method, url, httpPart }) =>
  httpPart === 'body' || !(schema instanceof z.ZodType)
    ? (value: unknown) => ({ value })
    : validatorCompiler({ schema, method, url });

/** JSON that is written already, in pieces, so that a slow reader can be told from a fast one. */
function sendJson(reply: FastifyReply, json: Uint8Array): void {
  reply
    .type('application/json; charset=utf-8')
    .header('content-length', json.byteLength)
    .send(Readable.from(slices(json), { objectMode: false }));
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    yield bytes.subarray(from, from + PIECE_BYTES);
  }
}

function known<Job>(job: Job | undefined): Job {
  if (job === undefined) {
    throw new AppError('job-unknown', 'There is no such job, or it was forgotten: ask again');
  }
  return job;
}

function isReadable(body: unknown): body is import('node:stream').Readable {
  return body !== null && typeof body === 'object' && 'pipe' in body;
}
