import { Socket } from 'node:net';
import { PROBLEM } from '@rewardbook/contracts/values/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { AppError } from './errors.ts';
import { hasBody } from './has-body.ts';
import { type ClientLimits, NO_BODY_BYTES } from './limits.ts';
import { toProblem } from './to-problem.ts';

/** How the body of a route may arrive, if not under the general limits. */
export interface BodyTimes {
  readonly totalMs: number;
  readonly idleMs?: number;
  /** The handler reads it, with its own time-outs. */
  readonly byHandler?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyTimes?: BodyTimes;
  }
}

export interface BodiesOptions {
  readonly limits: Pick<ClientLimits, 'bodyMs' | 'bodyIdleMs' | 'lookEveryMs'>;
}

interface Arriving {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly begunMs: number;
  readonly times: { readonly totalMs: number; readonly idleMs: number };
  bytes: number;
  bytesAtMs: number;
}

/** How long the rest of a body that was answered already is dropped before the connection is cut: time to see the answer. */
const LINGER_MS = 1_000;

/**
 * Bodies have to arrive in time, also at unknown addresses, and are read only where one is taken: an unknown address is
 * answered before its body is read, and a route that takes no body reads no more than a few bytes.
 */
export const bodies = plugin<BodiesOptions>(
  (app, { limits }, done) => {
    const arriving = new Map<FastifyRequest, Arriving>();

    app.addHook('onRoute', (route) => {
      if (route.schema?.body === undefined && route.config?.bodyTimes === undefined) {
        route.bodyLimit ??= NO_BODY_BYTES;
      }
    });

    app.addHook('onRequest', (request, reply, next) => {
      if (!hasBody(request) || !isOverNetwork(request)) {
        return next();
      }
      const { bodyTimes } = request.routeOptions.config;
      if (bodyTimes?.byHandler !== true) {
        const { totalMs = limits.bodyMs, idleMs = limits.bodyIdleMs } = bodyTimes ?? {};
        const now = performance.now();
        const { bytesRead } = request.raw.socket;
        const times = { totalMs, idleMs };
        arriving.set(request, { request, reply, begunMs: now, times, bytes: bytesRead, bytesAtMs: now });
      }
      next();
    });

    app.addHook('onResponse', (request, _reply, next) => {
      arriving.delete(request);
      if (!request.raw.complete && isOverNetwork(request)) {
        cutOff(request);
      }
      next();
    });

    const looking = setInterval(() => {
      const now = performance.now();
      for (const body of arriving.values()) {
        if (body.request.raw.complete || body.request.raw.destroyed) {
          arriving.delete(body.request);
        } else if (isLate(body, now)) {
          arriving.delete(body.request);
          refuse(body);
        }
      }
    }, limits.lookEveryMs);
    looking.unref();
    app.addHook('onClose', async () => clearInterval(looking));
    done();
  },
  { name: 'bodies', fastify: '5.x', dependencies: ['problems'] },
);

/** Not for requests made by `inject`, whose bodies arrive whole. */
function isOverNetwork({ raw }: FastifyRequest): boolean {
  return raw.socket instanceof Socket;
}

function isLate(body: Arriving, now: number): boolean {
  const { raw } = body.request;
  const { bytesRead } = raw.socket;
  // A full buffer waits for us, not for the client.
  if (bytesRead !== body.bytes || raw.readableLength >= raw.readableHighWaterMark) {
    body.bytes = bytesRead;
    body.bytesAtMs = now;
  }
  return now - body.bytesAtMs > body.times.idleMs || now - body.begunMs > body.times.totalMs;
}

/** Answers in place of the handler, which may still wait for the body, and ends the connection and with it that wait. */
function refuse({ request, reply, times }: Arriving): void {
  const { socket } = request.raw;
  request.log.info({ times }, 'a body did not arrive in time');
  if (reply.raw.headersSent) {
    socket.destroy();
  } else {
    const detail = `The body did not arrive in ${times.totalMs / 1000} seconds, or nothing of it for ${times.idleMs / 1000}`;
    const { body } = toProblem(new AppError('request-timeout', detail), { instance: '', requestId: request.id });
    endWith(socket, '408 Request Timeout', JSON.stringify(body));
  }
}

/** Writes an answer straight to a connection, and ends it. */
export function endWith(socket: Socket, status: string, problem: string): void {
  const head = `HTTP/1.1 ${status}\r\ncontent-type: ${PROBLEM}\r\ncontent-length: ${Buffer.byteLength(problem)}`;
  if (socket.writable) {
    socket.write(`${head}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${problem}`);
  }
  socket.destroySoon();
}

/** A client that keeps sending a body that was answered already is cut off soon. */
function cutOff({ raw }: FastifyRequest): void {
  raw.resume();
  const cut = setTimeout(() => {
    if (!raw.complete) {
      raw.destroy();
    }
  }, LINGER_MS);
  cut.unref();
}
