import { randomUUID } from 'node:crypto';
import type { AuditLog } from '@rewardbook/db/audit-log';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type ApiKeyOptions, apiKeys } from './api-key.ts';
import { audit } from './audit.ts';
import { closePrototypes } from './closed-prototypes.ts';
import { closing } from './closing.ts';
import { type Check, health } from './health.ts';
import { metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { problems } from './problems.ts';
import { RequestLog } from './request-log.ts';
import { collectRoutes } from './route-table.ts';

export interface AppOptions {
  /** The service's name, for its API's title. */
  readonly name: string;
  readonly description: string;
  readonly logger: FastifyBaseLogger;
  readonly findKey: ApiKeyOptions['findKey'];
  /** Where requests that change something are written down; left out: nowhere. */
  readonly audit?: AuditLog;
  /** What `/readyz` asks, by name. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** Largest body of a route that sets no limit of its own. */
  readonly bodyLimitBytes?: number;
  /** Longest time that a request may take to arrive; a stream of any length needs a long one, or 0 for none. */
  readonly requestTimeoutMs?: number;
  /** Longest silence on a connection. */
  readonly connectionTimeoutMs?: number;
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
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new RequestLog(),
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    connectionTimeout: options.connectionTimeoutMs ?? 60_000,
    keepAliveTimeout: 75_000, // longer than the usual 60 s of a load balancer, which must be the one to hang up
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    return503OnClosing: false, // done by `closing`, as a problem
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  }).withTypeProvider<ZodTypeProvider>();
  collectRoutes(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-request-id', request.id);
    next();
  });

  await app.register(problems);
  await app.register(closing);
  await app.register(metrics);
  await app.register(health, { checks: options.checks ?? {} });
  await app.register(apiKeys, { findKey: options.findKey, ...(options.now === undefined ? {} : { now: options.now }) });
  if (options.audit !== undefined) await app.register(audit, { log: options.audit });
  await app.register(openApi, { title: `Rewardbook ${options.name}`, description: options.description, version: '1' });
  return app;
}
