import type { FastifyRequest } from 'fastify';

/** Between two ends of one connection only (RFC 9110, 7.6.1), and those that a `Connection` header adds. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Of the browser and the console; `expect` was answered here already. */
const NOT_FOR_SERVICES: ReadonlySet<string> = new Set([
  'host',
  'cookie',
  'authorization',
  'expect',
  'origin',
  'referer',
]);
/** What only a proxy in front of the console may say, who says it anew here; and what a browser says of the page. */
const SAID_BY_PROXIES = /^(forwarded|x-forwarded-.*|x-real-ip|sec-fetch-.*|x-request-id)$/;
const BODY_HEADERS: ReadonlySet<string> = new Set(['content-length', 'content-type', 'content-encoding']);

/** Cookies are the console's alone, and no other site reads answers. */
const NOT_FOR_BROWSERS = /^(set-cookie|access-control-.*)$/;

export type PassedHeaders = Record<string, string | string[]>;
type GivenHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The headers of a request as its service gets them: under the session's key, without cookies. */
export function requestHeaders(
  request: FastifyRequest,
  { key, hasBody }: { readonly key: string; readonly hasBody: boolean },
): PassedHeaders {
  const passed = without(
    request.headers,
    (name) => NOT_FOR_SERVICES.has(name) || SAID_BY_PROXIES.test(name) || (!hasBody && BODY_HEADERS.has(name)),
  );
  return {
    ...passed,
    authorization: `Bearer ${key}`,
    'x-request-id': request.id,
    'x-forwarded-for': request.ip,
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': request.protocol,
  };
}

/** @param prefix of the service's addresses here, for where an answer points to another address of the service */
export function answerHeaders(given: GivenHeaders, prefix: string): PassedHeaders {
  const { location, ...passed } = without(given, (name) => NOT_FOR_BROWSERS.test(name));
  return {
    'cache-control': 'no-store', // unless the service says otherwise
    ...passed,
    ...(typeof location === 'string' ? { location: location.startsWith('/') ? `${prefix}${location}` : location } : {}),
  };
}

function without(headers: GivenHeaders, isDropped: (name: string) => boolean): PassedHeaders {
  const named = new Set(
    String(headers.connection ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
  const passed: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name) && !named.has(name) && !isDropped(name)) {
      passed.push([name, value]);
    }
  }
  return Object.fromEntries(passed);
}
