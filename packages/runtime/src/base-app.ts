import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { closePrototypes } from './closed-prototypes.ts';
import { closing } from './closing.ts';
import { type Check, health } from './health.ts';
import { bodies, endWith } from './http/bodies.ts';
import { Connections } from './http/connections.ts';
import { CLIENT_LIMITS, type ClientLimits } from './http/limits.ts';
import { problems } from './http/problems.ts';
import { securityHeaders } from './http/security-headers.ts';
import { watchSlowReaders } from './http/slow-readers.ts';
import { fewFaults } from './http/validation.ts';
import { metrics } from './metrics.ts';
import { RequestLog } from './request-log.ts';
import { collectRoutes } from './route-table.ts';

export interface BaseAppOptions {
  readonly logger: FastifyBaseLogger;
  /** What `/readyz` asks, by name. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** Largest body of a route that sets no limit of its own. */
  readonly bodyLimitBytes?: number;
  /** What clients may take up; what is left out is as usual. */
  readonly limits?: Partial<ClientLimits>;
  /** Headers of every answer, instead of those of `SECURITY_HEADERS` or beyond them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Addresses of proxies whose X-Forwarded-For is believed, as `10.0.0.0/8,127.0.0.1`; left out: nobody's is. */
  readonly trustedProxies?: string;
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
 * A Fastify app with what every service has that speaks HTTP, whoever its callers are: zod schemas, problems, limits, health,
 * metrics, an orderly end. `createApp` adds API keys and OpenAPI.
 */
export async function createBaseApp(options: BaseAppOptions): Promise<App> {
  closePrototypes();
  const limits = limitsOf(options);
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
    trustProxy: options.trustedProxies ?? false,
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
  await app.register(securityHeaders, { headers: options.headers ?? {} });
  await app.register(problems);
  await app.register(closing, { connections });
  await app.register(bodies, { limits });
  await app.register(metrics);
  await app.register(health, { checks: options.checks ?? {} });
  return app;
}

/** What clients of an app may take up. */
export function limitsOf({ limits }: Pick<BaseAppOptions, 'limits'>): ClientLimits {
  return { ...CLIENT_LIMITS, ...limits };
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
