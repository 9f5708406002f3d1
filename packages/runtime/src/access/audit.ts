import { createHash } from 'node:crypto';
import { PassThrough, pipeline } from 'node:stream';
import type { AuditLog } from '@rewardbook/db/audit-log';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { hasBody } from '../http/has-body.ts';
import { auditSummary } from './audit-summary.ts';
import type { KnownKey } from './key-cache.ts';

export interface AuditOptions {
  readonly log: AuditLog;
}

/** What is known of a request that is to be logged. */
interface Audited {
  /** Number of the intent; undefined until it is durable. */
  auditId: number | undefined;
  body: HashedBody | undefined;
  /** Whether the intent has the body's hash. */
  hashKnown: boolean;
}

interface HashedBody {
  readonly stream: PassThrough;
  /** SHA-256 in hex, once the body came whole. */
  digest(): string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    audited: Audited | null;
  }
}

const UNCHANGING = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Writes down every request that may change something, and those that show payment data: who and what before its handler runs, the status before it is answered. A
 * request that cannot be logged is refused, so nothing is changed unseen; one whose process dies in the middle stays without
 * an outcome. Requests of a known key that are refused before their handler (a scope that it lacks, a body that does not fit) follow
 * with their answer; those without a known key are left out.
 */
export const audit = plugin<AuditOptions>(
  (app, { log }, done) => {
    app.decorateRequest('audited', null);

    // api-keys has run: a request that gets here has a key that works, with the scope.
    app.addHook('preParsing', (request, _reply, payload, next) => {
      if (!isAudited(request)) {
        return next(null, payload);
      }
      const body = hasBody(request) ? hashed(payload) : undefined;
      request.audited = { auditId: undefined, body, hashKnown: false };
      next(null, body?.stream ?? payload);
    });

    app.addHook('preHandler', async (request) => {
      const { audited, apiKey } = request;
      if (audited === null || apiKey === null) {
        return;
      }
      const bodySha256 = audited.body?.digest() ?? null;
      audited.hashKnown = bodySha256 !== null;
      audited.auditId = await log.begin(intentOf(request, apiKey, bodySha256));
    });

    app.addHook('onSend', async (request, reply) => {
      const { audited } = request;
      if (audited?.auditId === undefined) {
        return;
      }
      const bodySha256 = audited.hashKnown ? null : (audited.body?.digest() ?? null);
      const outcome = { status: reply.statusCode, bodySha256 };
      // The change is made: that its outcome could not be written must not tell the caller otherwise.
      await log.end(audited.auditId, outcome).catch((error: unknown) => {
        request.log.error({ err: error, auditId: audited.auditId, ...outcome }, 'audit log: outcome not written');
      });
    });

    app.addHook('onResponse', async (request, reply) => {
      const { audited, apiKey } = request;
      audited?.body?.stream.resume(); // of a body that was not read, so that its connection can be used again
      if (audited?.auditId !== undefined || apiKey === null || !isAudited(request)) {
        return;
      }
      try {
        const auditId = await log.begin(intentOf(request, apiKey, audited?.body?.digest() ?? null));
        await log.end(auditId, { status: reply.statusCode, bodySha256: null });
      } catch (error) {
        request.log.warn({ err: error }, 'audit log: a refused request not written');
      }
    });
    done();
  },
  { name: 'audit', fastify: '5.x', dependencies: ['api-keys'] },
);

/** Whether it is a request of a known key that may change something, or shows what not everybody may see. */
function isAudited({ method, apiKey, routeOptions }: FastifyRequest): boolean {
  if (apiKey === null) {
    return false;
  }
  return UNCHANGING.has(method) ? routeOptions.config.isAudited?.(apiKey) === true : true;
}

function intentOf(request: FastifyRequest, key: KnownKey, bodySha256: string | null) {
  const { params, query, body, method } = request;
  return {
    keyHash: key.keyHash,
    method,
    route: request.routeOptions.url ?? '',
    program: programOf(params),
    requestId: request.id,
    bodySha256,
    summary: auditSummary({ params, query, body }),
  };
}

function programOf(params: unknown): string | null {
  if (typeof params !== 'object' || params === null) {
    return null;
  }
  const program: unknown = Reflect.get(params, 'program');
  return typeof program === 'string' && SLUG.test(program) ? program : null;
}

/** The same bytes, hashed as they pass. */
function hashed(payload: NodeJS.ReadableStream): HashedBody {
  const hash = createHash('sha256');
  let digest: string | null = null;
  const stream = new PassThrough({
    transform(chunk: Buffer, _encoding, pass) {
      hash.update(chunk);
      pass(null, chunk);
    },
    flush(pass) {
      digest = hash.digest('hex');
      pass();
    },
  });
  // A request that breaks off destroys the stream with its error, which its reader gets.
  pipeline(payload, stream, () => undefined);
  return { stream, digest: () => digest };
}
