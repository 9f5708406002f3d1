import plugin from 'fastify-plugin';

/** For answers with data: no page may frame them, and nothing in them runs. */
export const CLOSED_CSP = "default-src 'none'; frame-ancestors 'none'";

/** Of `/docs`: its own scripts and styles, and requests to this service. */
export const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Headers by which a browser neither guesses types nor frames nor runs anything of ours. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': CLOSED_CSP,
} as const;

export interface SecurityHeadersOptions {
  /** Instead of those of `SECURITY_HEADERS`, or beyond them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Sets them on every answer; `/docs` has its own policy for its scripts. */
export const securityHeaders = plugin<SecurityHeadersOptions>(
  (app, options, done) => {
    const headers = { ...SECURITY_HEADERS, ...options.headers };
    app.addHook('onRequest', (_request, reply, next) => {
      reply.headers(headers);
      next();
    });
    done();
  },
  { name: 'security-headers', fastify: '5.x' },
);
