import { createBaseApp } from '@rewardbook/runtime/base-app';
import type { Composed } from '@rewardbook/runtime/serve';
import type { FastifyBaseLogger } from 'fastify';
import { appRoutes, type FindApp } from './http/app-routes.ts';
import { ownOrigin } from './http/own-origin.ts';
import { consoleHeaders } from './http/security-headers.ts';
import { serviceRoutes } from './http/service-routes.ts';
import { sessionCookie } from './http/session-cookie.ts';
import { type DemoPerson, sessionRoutes } from './http/session-routes.ts';
import { OneTimeTokens } from './sessions/one-time-tokens.ts';
import { Sessions } from './sessions/sessions.ts';
import { findPerson } from './upstream/find-person.ts';
import { connectServices, type ServiceAddresses } from './upstream/services.ts';

export interface ConsoleDeps {
  readonly addresses: ServiceAddresses;
  readonly findApp: FindApp;
  /** Seals sessions; at least 32 characters. All copies of a deployment have the same one. */
  readonly secret: string;
  /** Where people reach the console, as https://console.example.com; left out: http, on this machine only. */
  readonly origin?: string;
  /** Proxies in front of the console, whose word for a client's address is taken: `10.0.0.0/8,127.0.0.1`. */
  readonly trustedProxies?: string;
  /** Whom a session of one of them may change to. */
  readonly people?: readonly DemoPerson[];
  /** Attempts from one address. */
  readonly signInsPerMinute?: number;
  readonly logger: FastifyBaseLogger;
  /** Epoch milliseconds; defaults to the clock. */
  readonly now?: () => number;
}

/** The console, and how a process that runs it lets somebody in. */
export interface ComposedConsole extends Composed {
  /** A token that signs in once, within ten minutes, with this API key. */
  makeToken(key: string): string;
}

const SIGN_INS_PER_MINUTE = 30;

/** Puts the service together; `close` releases its connections to the other services. It has no database. */
export async function compose(deps: ConsoleDeps): Promise<ComposedConsole> {
  const { addresses, origin, trustedProxies, people = [], now = Date.now } = deps;
  const isSecure = origin?.startsWith('https:') === true;
  const services = connectServices();
  const sessions = new Sessions(deps.secret, now);
  const tokens = new OneTimeTokens(now);
  const app = await createBaseApp({
    logger: deps.logger,
    headers: consoleHeaders(isSecure),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  });
  await app.register(ownOrigin, { origin });
  await app.register(sessionCookie, { sessions, isSecure });
  await app.register((scope) =>
    sessionRoutes(scope, {
      sessions,
      tokens,
      people,
      findPerson: (key) => findPerson(services, addresses.ledger, key),
      signInsPerMinute: deps.signInsPerMinute ?? SIGN_INS_PER_MINUTE,
    }),
  );
  await app.register((scope) => serviceRoutes(scope, { addresses, services, sessions }));
  await app.register((scope) => appRoutes(scope, deps.findApp));
  return { app, workers: [], close: () => services.destroy(), makeToken: (key) => tokens.make(key) };
}
