import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in the place of a service, which a test has answer as it needs. */
export interface StubService {
  readonly url: string;
  /** Requests so far. */
  readonly requests: readonly IncomingMessage[];
  /** How the next requests are answered. */
  answerWith(answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  stop(): Promise<void>;
}

export async function startStubService(): Promise<StubService> {
  const requests: IncomingMessage[] = [];
  let answer = (_request: IncomingMessage, response: ServerResponse): void => {
    response.setHeader('content-type', 'application/json').end('{}');
  };
  const server = createServer((request, response) => {
    requests.push(request);
    response.on('error', () => undefined);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answerWith(next) {
      answer = next;
    },
    async stop() {
      if (!server.listening) {
        return;
      }
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
