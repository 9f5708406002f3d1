import { hash, randomBytes } from 'node:crypto';
import type { Scope } from '@rewardbook/contracts/api/access/scope';
import type { FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { AppError } from '../http/errors.ts';
import type { FindKey, KnownKey } from './key-cache.ts';
import { cacheKeys } from './key-cache.ts';
import { type BoundKeys, requireBound } from './key-programs.ts';

export { SCOPES, type Scope } from '@rewardbook/contracts/api/access/scope';

export interface ApiKeyOptions {
  readonly findKey: FindKey;
  /** Epoch milliseconds; tests give their own. */
  readonly now?: () => number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the request came with, if it works; null on routes that need none. */
    apiKey: KnownKey | null;
  }
  interface FastifyReply {
    /** Checks the request's key once more, as of now: for answers that last. @throws AppError as the request itself would */
    readmit(): Promise<void>;
  }
  interface FastifyContextConfig {
    scope?: RouteScope;
    /** Whether a request that only reads is logged, too: for data that not everybody may see. */
    isAudited?: (key: KnownKey) => boolean;
  }
}

/** In the place of a scope: any key that works, whatever it may do. */
export const ANY_SCOPE = 'any';
export type RouteScope = Scope | typeof ANY_SCOPE;

const KEY = /^rb_[A-Za-z0-9_-]{43}$/;

/** A new key: `rb_` and 256 random bits. It is shown once; only its hash is stored. */
export function createKey(): { key: string; hash: Buffer } {
  const key = `rb_${randomBytes(32).toString('base64url')}`;
  return { key, hash: hashKey(key) };
}

/** SHA-256 of a key. No salt and no slow hash: 256 random bits cannot be guessed. */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/**
 * Route option: the scope that a request's key must have. Spread it: `app.get(path, { ...requireScope('read'), schema }, …)`. A route
 * without `:program` in its path is refused to keys that are bound to programs, unless it says what it does for them.
 */
export function requireScope(scope: Scope, boundKeys?: BoundKeys): { config: { scope: Scope; boundKeys?: BoundKeys } } {
  return { config: { scope, ...(boundKeys === undefined ? {} : { boundKeys }) } };
}

/** Route option: any key that works may ask, since the answer is about that key alone. */
export function requireKey(): { config: { scope: typeof ANY_SCOPE; boundKeys: BoundKeys } } {
  return { config: { scope: ANY_SCOPE, boundKeys: 'narrowed' } };
}

/** Whether a text has the form of a key. */
export function isKeyForm(text: string): boolean {
  return KEY.test(text);
}

/** Whether a key may see who is paid into which account. */
export function maySeePayments({ scopes }: Pick<KnownKey, 'scopes'>): boolean {
  return scopes.includes('read:payments');
}

/** The key of a request to a route with a scope. */
export function keyOf(request: FastifyRequest): KnownKey {
  if (request.apiKey === null) {
    throw new Error(`route ${request.routeOptions.url} has no scope, so no key`);
  }
  return request.apiKey;
}

/**
 * Checks bearer keys before the body is read. Routes under /v1 must name a scope: one that does not, fails at start-up
 * instead of being open.
 */
export const apiKeys = plugin<ApiKeyOptions>(
  (app, options, done) => {
    const now = options.now ?? Date.now;
    const find = cacheKeys(options.findKey, now);
    app.decorateRequest('apiKey', null);

    app.addHook('onRoute', (route) => {
      const scope = route.config?.scope;
      if (scope === undefined) {
        if (route.url.startsWith('/v1/') && route.method !== 'OPTIONS') {
          throw new Error(
            `${String(route.method)} ${route.url} names no scope; spread requireScope(…) into its options`,
          );
        }
        return;
      }
      route.schema = { ...route.schema, security: [{ apiKey: scope === ANY_SCOPE ? [] : [scope] }] };
    });

    const admit = (
      request: FastifyRequest,
      reply: FastifyReply,
      scope: RouteScope,
      known: KnownKey | undefined,
    ): void => {
      if (known === undefined || (known.expiresAt !== undefined && known.expiresAt.getTime() <= now())) {
        reply.header('www-authenticate', 'Bearer realm="rewardbook", error="invalid_token"');
        throw new AppError('unauthorized', 'This API key is unknown, revoked or expired; ask an operator for one');
      }
      request.apiKey = known; // also where it lacks the scope: the audit log says who tried
      if (scope !== ANY_SCOPE && !known.scopes.includes(scope)) {
        reply.header('www-authenticate', `Bearer realm="rewardbook", error="insufficient_scope", scope="${scope}"`);
        throw new AppError('forbidden', `This needs the scope ${scope}, which the API key "${known.name}" lacks`);
      }
      const { url, config } = request.routeOptions;
      requireBound(known, { url, params: request.params, boundKeys: config.boundKeys });
    };

    app.decorateReply('readmit', async function readmit(this: FastifyReply) {
      const { scope } = this.request.routeOptions.config;
      if (scope !== undefined) {
        admit(this.request, this, scope, await find(keyOf(this.request).keyHash));
      }
    });

    // Not an async function: most keys are remembered, and thousands of requests a second should not wait for a promise each.
    app.addHook('onRequest', (request, reply, next) => {
      const scope = request.routeOptions.config.scope;
      if (scope === undefined) {
        return next();
      }
      const token = bearerOf(request.headers.authorization);
      if (token === undefined) {
        reply.header('www-authenticate', 'Bearer realm="rewardbook"');
        throw new AppError('unauthorized', 'Send an API key: Authorization: Bearer rb_…');
      }
      const found = KEY.test(token) ? find(hash('sha256', token, 'hex')) : undefined;
      if (!(found instanceof Promise)) {
        admit(request, reply, scope, found);
        return next();
      }
      found.then((known) => admit(request, reply, scope, known)).then(() => next(), next);
    });
    done();
  },
  { name: 'api-keys', fastify: '5.x', dependencies: ['problems'] },
);

function bearerOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+) *$/i.exec(header)?.[1];
}
