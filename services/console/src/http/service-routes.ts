import { setMaxListeners } from 'node:events';
import { addAbortSignal, PassThrough, Readable } from 'node:stream';
import type { App } from '@rewardbook/runtime/base-app';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import type { Sessions } from '../sessions/sessions.ts';
import { SERVICE_NAMES, SERVICE_PATHS, type ServiceAddresses, type ServicePath } from '../upstream/services.ts';
import { answerHeaders, requestHeaders } from './passed-headers.ts';
import { servicePathOf } from './service-path.ts';
import { isEventStream, sessionOf } from './session-cookie.ts';

export interface ServiceRoutesOptions {
  readonly addresses: ServiceAddresses;
  readonly services: Dispatcher;
  readonly sessions: Sessions;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** A service has its own limits of bodies and their times, and answers where one is not kept. */
const LEFT_TO_SERVICE = { totalMs: 0, byHandler: true };

/**
 * Passes requests on to the services, under the key of whoever is signed in: `/api/ledger/v1/…` is `/v1/…` of the ledger. Bodies and
 * answers pass through unread, as they come.
 */
export async function serviceRoutes(app: App, { addresses, services, sessions }: ServiceRoutesOptions): Promise<void> {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // one for each stream
  app.addHook('preClose', async () => closing.abort(new Error('the console is shutting down')));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  for (const name of SERVICE_PATHS) {
    app.route({
      method: [...METHODS],
      url: `/api/${name}/v1/*`,
      config: { needsSession: true, bodyTimes: LEFT_TO_SERVICE },
      handler: (request, reply) => pass(request, reply, name),
    });
  }

  async function pass(request: FastifyRequest, reply: FastifyReply, name: ServicePath): Promise<FastifyReply> {
    const answer = await ask(request, name, clientGone(reply));
    if (answer.statusCode === 401) {
      reply.endSession();
    }
    const headers = answerHeaders(answer.headers, `/api/${name}`);
    if (isEventStream(headers['content-type'])) {
      // It would not end by itself, and a page asks for it again.
      const { signal, release } = sessions.until(sessionOf(request));
      addAbortSignal(closing.signal, answer.body);
      addAbortSignal(signal, answer.body).once('close', release);
    }
    return reply.code(answer.statusCode).headers(headers).send(answer.body);
  }

  async function ask(
    request: FastifyRequest,
    name: ServicePath,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { origin, pathname } = new URL(addresses[name]);
    const path = `${pathname.replace(/\/$/, '')}${servicePathOf(request.raw.url ?? '', `/api/${name}`)}`;
    const { key } = sessionOf(request);
    const body = bodyOf(request);
    const headers = requestHeaders(request, { key, hasBody: body !== null });
    try {
      const method = request.method as Dispatcher.HttpMethod;
      return await services.request({ origin, path, method, headers, body, signal });
    } catch (cause) {
      if (signal.aborted) {
        throw new AppError('request-timeout', 'The client went away before the answer', { cause });
      }
      const detail = `The service ${SERVICE_NAMES[name]} does not answer; try again in a moment`;
      throw new AppError('service-unavailable', detail, { cause });
    }
  }
}

/**
 * What of a body is to come. Through a stream of its own: a service that answers before it has read all of a body has that stream
 * destroyed, and the client must still get the answer.
 */
function bodyOf({ body, raw }: FastifyRequest): PassThrough | null {
  if (!(body instanceof Readable)) {
    return null;
  }
  const passed = new PassThrough();
  passed.on('error', () => undefined); // the request that sends it fails with it
  raw.once('close', () => {
    if (!raw.complete) {
      passed.destroy(new Error('the client went away in the middle of its body'));
    }
  });
  return body.pipe(passed);
}
