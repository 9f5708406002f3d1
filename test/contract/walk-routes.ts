import { ANY_SCOPE, SCOPES, type Scope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';

/** Headers of a request. */
type Headers = Readonly<Record<string, string>>;

/** Who asks: a key for each scope alone, and keys that must open nothing. */
export interface Callers {
  readonly refused: Readonly<Record<string, Headers>>;
  readonly withScope: Readonly<Record<Scope, Headers>>;
}

export interface Walk {
  readonly routes: number;
  readonly requests: number;
  /** What is not as it must be, a line each. */
  readonly faults: string[];
}

/** Open to everyone: health checks, and what describes the service. */
export const OPEN = /^\/(healthz|readyz|metrics|openapi\.json|docs(\/.*)?)$/;

/**
 * Asks every route of an app as each caller: 401 without a key that works, 403 with a key of another scope, neither with the scope
 * that the route declares; a route that declares any scope takes each of them.
 */
export async function walkRoutes(app: App, { refused, withScope }: Callers): Promise<Walk> {
  const faults: string[] = [];
  let requests = 0;
  const routes = app.registeredRoutes().filter(({ url }) => !OPEN.test(url));
  for (const { method, url, scope } of routes) {
    const route = `${method} ${url}`;
    if (scope === undefined) {
      faults.push(`${route} declares no scope`);
      continue;
    }
    const statusFor = async (headers: Headers): Promise<number> => {
      requests += 1;
      const response = await app.inject({ method: method as 'GET', url: addressOf(url), headers });
      return response.statusCode;
    };
    for (const [who, headers] of Object.entries(refused)) {
      const status = await statusFor(headers);
      if (status !== 401) {
        faults.push(`${route} answers ${status} to ${who}`);
      }
    }
    for (const given of SCOPES) {
      const status = await statusFor(withScope[given]);
      const isAllowed = status !== 401 && status !== 403 && status < 500;
      if (given === scope || scope === ANY_SCOPE ? !isAllowed : status !== 403) {
        faults.push(`${route} (${scope}) answers ${status} to ${given}`);
      }
    }
  }
  return { routes: routes.length, requests, faults };
}

/** Routes of which the API's description does not name the scope that the route declares. */
export function undescribed(app: App): string[] {
  const { paths = {} } = app.swagger() as { paths?: Record<string, Record<string, { security?: unknown }>> };
  return app
    .registeredRoutes()
    .filter(({ url, method }) => !OPEN.test(url) && method !== 'HEAD')
    .flatMap(({ method, url, scope }) => {
      const path = url.replace(/:(\w+)/g, '{$1}');
      const security = JSON.stringify(paths[path]?.[method.toLowerCase()]?.security);
      const described = [{ apiKey: scope === ANY_SCOPE ? [] : [scope] }];
      return security === JSON.stringify(described) ? [] : [`${method} ${url}: ${security}`];
    });
}

/** An address that fits the route's pattern, of a program that is not there: who may ask is answered before what for. */
export function addressOf(url: string, program = 'nobodys-program'): string {
  return url.replace(/:(\w+)/g, (_part, name: string) => (name === 'program' ? program : '2024-10'));
}
