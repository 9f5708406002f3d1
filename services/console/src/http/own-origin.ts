import { AppError } from '@rewardbook/runtime/http/errors';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

export interface OwnOriginOptions {
  /** Where people reach the console, as https://console.example.com; undefined: on this machine only, at whatever port. */
  readonly origin: string | undefined;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** Asked by probes and collectors, by whatever address they know. */
const FOR_OPERATORS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
/** Answers that only the console's own pages ask for. */
const FOR_PAGES = /^\/(api|session)(\/|$)/;

/**
 * Lets in what is meant for the console and comes from it: requests to its own host, so that no name of somebody else's leads here
 * (DNS rebinding); and to change or read data only its own pages, since a browser adds the cookie to requests of other pages of the same
 * machine, too (ports do not separate sites).
 */
export const ownOrigin = plugin<OwnOriginOptions>(
  (app, { origin }, done) => {
    const expectedHost = origin === undefined ? undefined : new URL(origin).host;
    app.addHook('onRequest', (request, _reply, next) => {
      const route = request.routeOptions.url ?? '';
      if (FOR_OPERATORS.has(route)) {
        return next();
      }
      const { host } = request.headers;
      if (host === undefined || !(expectedHost === undefined ? LOOPBACK.test(host) : host === expectedHost)) {
        return next(new AppError('wrong-host', `This is the console of ${origin ?? 'this machine'}; use that address`));
      }
      const isFine = comesFromPage(request, origin ?? `http://${host}`) || (isSafe(request) && !FOR_PAGES.test(route));
      next(isFine ? undefined : new AppError('wrong-origin', 'Only the pages of the console may ask for this'));
    });
    done();
  },
  { name: 'own-origin', fastify: '5.x', dependencies: ['problems'] },
);

function isSafe({ method }: FastifyRequest): boolean {
  return SAFE.has(method);
}

/** By what the browser says of who asks. Browsers leave Sec-Fetch-Site out only towards plain http on another machine. */
function comesFromPage(request: FastifyRequest, origin: string): boolean {
  const { 'sec-fetch-site': site, origin: from } = request.headers;
  if (site !== undefined) {
    // none: typed into the address bar, which reads and never changes.
    return site === 'same-origin' || (site === 'none' && isSafe(request));
  }
  return from === undefined ? isSafe(request) : from === origin;
}
