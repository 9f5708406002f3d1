import { randomUUID } from 'node:crypto';
import type { AuditLog } from '@rewardbook/db/audit-log';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type ApiKeyOptions, apiKeys } from './access/api-key.ts';
import { audit } from './access/audit.ts';
import { keyRequests } from './access/key-requests.ts';
import { closePrototypes } from './closed-prototypes.ts';
import { closing } from './closing.ts';
import { type Check, health } from './health.ts';
import { bodies, endWith } from './http/bodies.ts';
import { Connections } from './http/connections.ts';
import { CLIENT_LIMITS, type ClientLimits } from './http/limits.ts';
import { mediaTypes } from './http/media-types.ts';
import { problems } from './http/problems.ts';
import { securityHeaders } from './http/security-headers.ts';
import { watchSlowReaders } from './http/slow-readers.ts';
import { fewFaults } from './http/validation.ts';
import { metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { RequestLog } from './request-log.ts';
import { collectRoutes } from './route-table.ts';

export interface AppOptions {
  /** The service's name, for its API's title. */
  readonly name: string;
  readonly description: string;
  readonly logger: FastifyBaseLogger;
  readonly findKey: ApiKeyOptions['findKey'];
  /** Where requests that change something are logged; left out: nowhere. */
  readonly audit?: AuditLog;
  /** What `/readyz` asks, by name. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** Largest body of a route that sets no limit of its own. */
  readonly bodyLimitBytes?: number;
  /** What clients may take up; what is left out is as usual. */
  readonly limits?: Partial<ClientLimits>;
  /** Epoch milliseconds, for the expiry of keys. */
  readonly now?: () => number;
}

export type App = FastifyInstance<
  RawServerDefault,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

const REQUEST_ID = /^[\w.-]{1,64}$/;
// An account code is an id of 128 code points, percent-encoded once in the code and again in the address.
const MAX_PARAM_LENGTH = 8192;

/**
 * A Fastify app with what every service has: zod schemas, OpenAPI, problems, API keys, health, metrics. Register routes on
 * it, then `await app.ready()` or listen.
 */
export async function createApp(options: AppOptions): Promise<App> {
  closePrototypes();
  const limits = { ...CLIENT_LIMITS, ...options.limits };
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new RequestLog(),
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.lookEveryMs },
    keepAliveTimeout: limits.keepAliveMs,
    // Bodies and readers have time-outs of their own; a request may wait long for its answer.
    requestTimeout: 0,
    connectionTimeout: 0,
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET') {
        socket.destroy();
      } else {
        endWith(socket, ...malformed(error.code));
      }
    },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    return503OnClosing: false, // done by `closing`, as a problem
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  }).withTypeProvider<ZodTypeProvider>();
  collectRoutes(app);
  app.setValidatorCompiler(fewFaults(validatorCompiler));
  app.setSerializerCompiler(serializerCompiler);

  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-request-id', request.id);
    next();
  });

  const connections = new Connections(app.server, limits);
  const stopWatch = watchSlowReaders(connections, limits, options.logger);
  app.addHook('onClose', async () => stopWatch());
  await app.register(securityHeaders);
  await app.register(problems);
  await app.register(closing, { connections });
  await app.register(bodies, { limits });
  await app.register(metrics);
  await app.register(health, { checks: options.checks ?? {} });
  await app.register(apiKeys, { findKey: options.findKey, ...(options.now === undefined ? {} : { now: options.now }) });
  await app.register(keyRequests, { most: limits.requestsPerKey });
  if (options.audit !== undefined) {
    await app.register(audit, { log: options.audit });
  }
  await app.register(mediaTypes);
  await app.register(openApi, { title: `Rewardbook ${options.name}`, description: options.description, version: '1' });
  return app;
}

/** Status and problem of bytes that are no request. */
function malformed(code: string | undefined): [status: string, problem: string] {
  const [status, title] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const problem = { type: 'about:blank', title, status, code: status === 408 ? 'request-timeout' : 'bad-request' };
  return [`${status} ${title}`, JSON.stringify(problem)];
}
