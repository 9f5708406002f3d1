import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { CLOSED_CSP, SECURITY_HEADERS } from '@rewardbook/runtime/http/security-headers';
import type { Urls } from './connection-file.ts';

/** Times in milliseconds; a request for a page of addresses is short. */
const TIMES = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };
const MAX_CONNECTIONS = 256;
/** The page has one inline style, and runs no scripts. */
const PAGE_CSP = `${CLOSED_CSP}; style-src 'unsafe-inline'`;

/** The page at `up`'s own port: where everything is. JSON for programs, HTML for browsers. It has no secrets. */
export function createFront(urls: Urls): Server {
  const server = createServer(TIMES, (request, response) => {
    const { status, type, body } = answerTo(request, urls);
    response.writeHead(status, {
      ...SECURITY_HEADERS,
      'content-security-policy': type.startsWith('text/html') ? PAGE_CSP : CLOSED_CSP,
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      vary: 'accept',
    });
    response.end(body);
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function answerTo({ method, url = '/', headers }: IncomingMessage, urls: Urls): Answer {
  const path = url.split('?')[0];
  if (method !== 'GET' && method !== 'HEAD') {
    return problem(405, 'method-not-allowed', 'This address only lists the services; send requests to them.');
  }
  if (path === '/healthz') {
    return { status: 200, type: 'application/json', body: '{"status":"ok"}' };
  }
  if (path !== '/') {
    return problem(404, 'not-found', `There is nothing here but the addresses, at ${urls.front}/.`);
  }
  return (headers.accept ?? '').includes('text/html')
    ? { status: 200, type: 'text/html; charset=utf-8', body: page(urls) }
    : { status: 200, type: 'application/json', body: JSON.stringify(urls) };
}

function problem(status: number, code: string, detail: string): Answer {
  const title = STATUS_CODES[status];
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title, status, code, detail }),
  };
}

function page({ console, events, ledger, reports }: Urls): string {
  const row = (name: string, url: string, purpose: string): string =>
    `<tr><td>${name}</td><td><a href="${url}/docs">${url}/docs</a></td><td>${purpose}</td></tr>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rewardbook</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:3rem auto;padding:0 1rem}td{padding:.3rem 1rem .3rem 0}</style>
<h1>Rewardbook</h1><p>The services of this system, with a page each to read and try their API. API keys are in the data folder's
<code>rewardbook.json</code>.</p>${console === undefined ? '' : `<p><a href="${console}/">The console</a> shows all of it.</p>`}<table>
${row('engagement-events', events, 'likes and follows in')}
${row('ledger', ledger, 'programs, revenue, closes, the books')}
${row('payout-reports', reports, 'payouts, journal, statements, trial balance')}
</table></html>
`;
}
