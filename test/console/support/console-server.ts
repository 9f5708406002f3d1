import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** Somebody who can sign in. */
export interface ConsolePerson {
  readonly name: string;
  readonly key: string;
  readonly scopes: readonly string[];
}

export interface ConsoleServer {
  readonly url: string;
  /** Ends every session, as a time limit does. */
  endSessions(): void;
  /** From now on this service does not answer, or does again. */
  setLost(service: string, isLost: boolean): void;
  close(): Promise<void>;
}

export const LINK_TOKEN = 'a-link-that-signs-in-once';

const CSP =
  "default-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves the built app in `appFolder` under its policy, signs people in, and passes requests on under their keys. */
export async function startConsoleServer(
  urls: Readonly<Record<string, string>>,
  people: readonly ConsolePerson[],
  appFolder: string,
): Promise<ConsoleServer> {
  const sessions = new Map<string, ConsolePerson>();
  const lost = new Set<string>();
  let hasToken = true;

  const signIn = (response: ServerResponse, person: ConsolePerson | undefined): void => {
    if (person === undefined) {
      sendProblem(response, 401, 'unauthorized');
      return;
    }
    const id = randomUUID();
    sessions.set(id, person);
    response.setHeader('set-cookie', `session=${id}; HttpOnly; SameSite=Strict; Path=/`);
    sendJson(response, describe(person));
  };
  const describe = ({ name, scopes }: ConsolePerson) => ({
    person: { name, scopes },
    people: people.map((one) => one.name),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });

  const answerSession = async (incoming: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    const person = sessions.get(id);
    if (incoming.method === 'GET') {
      return person === undefined ? sendProblem(response, 401, 'unauthorized') : sendJson(response, describe(person));
    }
    if (incoming.method === 'DELETE') {
      sessions.delete(id);
      response.writeHead(204).end();
      return;
    }
    const body: { key?: string; token?: string; name?: string } = JSON.parse(await textOf(incoming));
    if (incoming.url === '/session/person') {
      return signIn(
        response,
        people.find(({ name }) => name === body.name),
      );
    }
    if (body.token !== undefined) {
      const isGood = body.token === LINK_TOKEN && hasToken;
      hasToken = false;
      return signIn(response, isGood ? people[0] : undefined);
    }
    signIn(
      response,
      people.find(({ key }) => key === body.key),
    );
  };

  const server = createServer((incoming, response) => {
    response.setHeader('content-security-policy', CSP);
    const id = /session=([\w-]+)/.exec(incoming.headers.cookie ?? '')?.[1] ?? '';
    const path = incoming.url ?? '/';
    const service = /^\/api\/(\w+)(\/.*)$/.exec(path);
    if (service !== null) {
      const [, name = '', rest = ''] = service;
      const key = sessions.get(id)?.key;
      if (key === undefined) {
        sendProblem(response, 401, 'unauthorized');
      } else if (lost.has(name)) {
        sendProblem(response, 503, 'service-unavailable');
      } else {
        pass(incoming, response, `${urls[name]}${rest}`, key);
      }
    } else if (path.startsWith('/session')) {
      answerSession(incoming, response, id).catch(() => sendProblem(response, 400, 'bad-request'));
    } else {
      sendFile(response, appFolder, path).catch(() => sendProblem(response, 404, 'not-found'));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    endSessions: () => sessions.clear(),
    setLost: (service, isLost) => void (isLost ? lost.add(service) : lost.delete(service)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(incoming: IncomingMessage, response: ServerResponse, url: string, key: string): void {
  const { host: _host, cookie: _cookie, ...headers } = incoming.headers;
  const outgoing = request(
    url,
    { method: incoming.method, headers: { ...headers, authorization: `Bearer ${key}` } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  outgoing.on('error', () => sendProblem(response, 503, 'service-unavailable'));
  incoming.pipe(outgoing);
}

async function sendFile(response: ServerResponse, folder: string, path: string): Promise<void> {
  const name = normalize(path.split('?')[0] ?? '/');
  const isFile = name.startsWith('/assets/') || name === '/icon.svg';
  const file = isFile ? name : '/index.html';
  const bytes = await readFile(join(folder, file));
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes);
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendProblem(response: ServerResponse, status: number, code: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: code, status, code }));
}
