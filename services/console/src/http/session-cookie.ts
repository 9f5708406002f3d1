import { AppError } from '@rewardbook/runtime/http/errors';
import { parse, serialize } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { endOf, type Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; null: nobody, or the route does not ask. */
    session: Session | null;
  }
  interface FastifyReply {
    /** Puts a session into the reader's browser. */
    keepSession(session: Session): Promise<void>;
    /** Ends the request's session, and takes its cookie from the browser. */
    endSession(): void;
  }
  interface FastifyContextConfig {
    /** false: it has a session if there is one. Left out: it never has. */
    needsSession?: boolean;
  }
}

export interface SessionCookieOptions {
  readonly sessions: Sessions;
  readonly isSecure: boolean;
}

/**
 * Routes with `config.needsSession` answer only to who is signed in: with the session in `request.session`, and with 401 before the body
 * is read to everybody else. Use seals a cookie anew.
 */
export const sessionCookie = plugin<SessionCookieOptions>(
  (app, { sessions, isSecure }, done) => {
    // With `__Host-` a browser takes it from https alone, and from no other host of the domain. Cookies know no ports: the name does.
    const nameOf = ({ raw }: FastifyRequest): string =>
      isSecure ? '__Host-rewardbook' : `rewardbook-${raw.socket.localPort ?? 0}`;
    const cookieOf = (request: FastifyRequest, sealed: string, lastsMs: number): string =>
      serialize(nameOf(request), sealed, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: isSecure,
        maxAge: Math.ceil(lastsMs / 1000),
      });

    app.decorateRequest('session', null);
    app.decorateReply('keepSession', async function keepSession(this: FastifyReply, session: Session) {
      const sealed = await sessions.seal(session);
      this.header('set-cookie', cookieOf(this.request, sealed, endOf(session) - session.usedAt));
    });
    app.decorateReply('endSession', function endSession(this: FastifyReply) {
      const { session } = this.request;
      if (session === null) {
        return;
      }
      // The browser may have another one by now: this answer must not take that away.
      const isCurrent = sessions.isCurrent(session);
      sessions.end(session);
      if (isCurrent) {
        this.header('set-cookie', cookieOf(this.request, '', 0));
      }
    });

    app.addHook('onRequest', async (request) => {
      const { needsSession } = request.routeOptions.config;
      if (needsSession === undefined) {
        return;
      }
      const sealed = parse(request.headers.cookie ?? '')[nameOf(request)];
      request.session = (sealed === undefined ? undefined : await sessions.open(sealed)) ?? null;
      if (request.session === null && needsSession) {
        throw new AppError('unauthorized', 'Nobody is signed in, or the session has ended; sign in');
      }
    });

    app.addHook('onSend', async (request, reply) => {
      // Pages ask for streams by themselves: a page that is left open must not keep its session.
      const { session } = request;
      const isUse = session !== null && !isEventStream(reply.getHeader('content-type'));
      const used = isUse ? sessions.used(session) : undefined;
      if (used !== undefined && !reply.hasHeader('set-cookie')) {
        await reply.keepSession(used);
      }
    });
    done();
  },
  { name: 'session-cookie', fastify: '5.x', dependencies: ['problems'] },
);

/** Whether an answer of this content type is a stream of server-sent events. */
export function isEventStream(contentType: unknown): boolean {
  return /^text\/event-stream\b/i.test(String(contentType ?? ''));
}

/** The session of a request to a route that needs one. */
export function sessionOf({ session, routeOptions }: FastifyRequest): Session {
  if (session === null) {
    throw new Error(`route ${routeOptions.url} needs no session, so it has none`);
  }
  return session;
}
