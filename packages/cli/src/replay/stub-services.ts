import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stub does with a request instead of taking its events. */
export type Mishap = 'busy' | 'too-many' | 'hang-up';

/** An ingest service as far as `replay` sees it: counts what it is sent, once an id, with a mishap now and then. */
export interface StubServices {
  readonly env: Record<string, string>;
  /** Ids in the order in which they were taken, with those that came again. */
  readonly received: string[];
  /** When each request came, in milliseconds. */
  readonly requestTimes: number[];
  close(): Promise<void>;
}

/** @param mishaps what happens to the first, second … request with events */
export async function startStubServices(mishaps: readonly (Mishap | undefined)[] = []): Promise<StubServices> {
  const received: string[] = [];
  const requestTimes: number[] = [];
  const seen = new Set<string>();
  let requests = 0;
  let untallied = 0;

  const ingest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const chunk of request) pieces.push(chunk);
    const mishap = mishaps[requests];
    requests += 1;
    requestTimes.push(performance.now());
    if (mishap === 'hang-up') return void request.socket.destroy();
    if (mishap !== undefined) {
      const status = mishap === 'busy' ? 503 : 429;
      response.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '0' });
      return void response.end(JSON.stringify({ type: 'about:blank', title: 'Busy', status, code: 'overloaded' }));
    }
    const counts = { received: 0, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 };
    const refused: object[] = [];
    for (const line of Buffer.concat(pieces).toString('utf8').split('\n').filter(Boolean)) {
      counts.received += 1;
      const id = /"id":"([^"]+)"/.exec(line)?.[1];
      if (id === undefined) {
        counts.rejected += 1;
        refused.push({ index: counts.received - 1, id: null, code: 'malformed-json', message: 'not JSON' });
        continue;
      }
      received.push(id);
      if (seen.has(id)) counts.duplicates += 1;
      else counts.accepted += 1;
      seen.add(id);
    }
    untallied = 2;
    response.end(JSON.stringify({ ...counts, batches: ['1'], refused }));
  };

  const server = createServer((request, response) => {
    if (request.method === 'POST') return void ingest(request, response);
    const batch = {
      batchId: '1',
      accepted: 1,
      duplicates: 0,
      conflicts: 0,
      receivedAt: '',
      sealedAt: '',
      talliedAt: null,
    };
    untallied -= 1;
    response.end(JSON.stringify({ items: untallied >= 0 ? [batch] : [], nextCursor: null }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: { REWARDBOOK_URL_EVENTS: `http://127.0.0.1:${port}`, REWARDBOOK_KEY: 'rb_test' },
    received,
    requestTimes,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
