import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import type { RouteScope } from './access/api-key.ts';
import type { BoundKeys } from './access/key-programs.ts';

/** A route as it was registered. */
export interface RegisteredRoute {
  readonly method: string;
  /** Pattern, as `/v1/programs/:program`. */
  readonly url: string;
  /** undefined: open to everybody. */
  readonly scope: RouteScope | undefined;
  readonly boundKeys: BoundKeys | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the app, hidden ones too, for a test that walks them. */
    registeredRoutes(): RegisteredRoute[];
  }
}

/** Must be called before anything registers a route. */
export function collectRoutes(app: Pick<FastifyInstance, 'addHook' | 'decorate'>): void {
  const routes: { methods: string[]; url: string; config: () => FastifyContextConfig | undefined }[] = [];
  app.addHook('onRoute', (route) => {
    routes.push({ methods: [route.method].flat(), url: route.url, config: () => route.config });
  });
  app.decorate('registeredRoutes', () =>
    routes.flatMap(({ methods, url, config }) =>
      methods.map((method) => ({ method, url, scope: config()?.scope, boundKeys: config()?.boundKeys })),
    ),
  );
}
