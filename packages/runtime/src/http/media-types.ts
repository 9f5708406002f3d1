import { readUnpoisonedJson } from '@rewardbook/contracts/values/json-text';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { AppError } from './errors.ts';
import { hasBody } from './has-body.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body has a text with half of a surrogate pair, which nothing can store. */
    hasLoneSurrogate: boolean;
  }
}

const JSON_TYPE = 'application/json';
const BODYLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Without it no text has half of a surrogate pair: UTF-8 has no bytes for that. */
const ESCAPE = '\\u';
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
/** JSON.stringify escapes lone surrogates alone; what comes before must not make the backslash a character of the text. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/**
 * Takes the bodies that a route declares (`consumes`, JSON where it declares none) and refuses others unread, with what it takes.
 * JSON is read by the one reader of `contracts`: UTF-8, no key twice, none that poisons a prototype.
 */
export const mediaTypes = plugin(
  (app, _options, done) => {
    app.decorateRequest('hasLoneSurrogate', false);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (request, given, done) => {
      const body = Buffer.isBuffer(given) ? given : Buffer.from(given);
      if (body.length === 0) {
        return done(new AppError('bad-json', 'The body is empty; send JSON'));
      }
      const read = readUnpoisonedJson(body, 'the body');
      if (!read.ok) {
        return done(new AppError(read.code, read.message));
      }
      if (body.includes(ESCAPE)) {
        const isSuspicious = SURROGATE_ESCAPE.test(body.toString('utf8'));
        request.hasLoneSurrogate = isSuspicious && LONE_SURROGATE.test(JSON.stringify(read.value));
      }
      done(null, read.value);
    });

    app.addHook('preParsing', (request, reply, payload, next) => {
      const refusal = refusalOf(request);
      if (refusal === undefined) {
        return next(null, payload);
      }
      reply.header('accept', acceptedBy(request).join(', '));
      next(refusal);
    });

    // After validation, which names the field where it knows it.
    app.addHook('preHandler', (request, _reply, next) => {
      next(request.hasLoneSurrogate ? new AppError('bad-request', LONELY) : undefined);
    });
    done();
  },
  { name: 'media-types', fastify: '5.x', dependencies: ['problems'] },
);

const LONELY = 'A text of the body has half of a surrogate pair; send well-formed Unicode';

function acceptedBy({ routeOptions }: FastifyRequest): readonly string[] {
  return routeOptions.schema?.consumes ?? [JSON_TYPE];
}

function refusalOf(request: FastifyRequest): AppError | undefined {
  const { headers, method } = request;
  if (request.is404 || BODYLESS.has(method) || !hasBody(request)) {
    return undefined;
  }
  const given = headers['content-type'];
  const accepted = acceptedBy(request);
  if (given !== undefined && accepted.includes(given.split(';', 1)[0]?.trim().toLowerCase() ?? '')) {
    return undefined;
  }
  const what =
    given === undefined ? 'The body has no Content-Type' : `Content-Type ${given.slice(0, 100)} is not taken here`;
  return new AppError('unsupported-media-type', `${what}; send ${accepted.join(' or ')}`);
}
