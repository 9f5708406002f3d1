import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { readEventLine } from '@rewardbook/contracts/events/event-line';

/** What a stub does with a request instead of taking its events; `lenient` takes any line that has an id. */
export type Mishap = 'busy' | 'too-many' | 'hang-up' | 'lenient';

/** An ingest service as far as `replay` sees it: counts what it is sent, once an id, with a mishap now and then. */
export interface StubServices {
  readonly env: Record<string, string>;
  /** Ids in the order in which they were taken, with those that came again. */
  readonly received: string[];
  /** The body of each request, a character a byte. */
  readonly bodies: string[];
  /** When each request came, in milliseconds. */
  readonly requestTimes: number[];
  /** The outcome of each request with events, in the order of arrival. */
  readonly requestKinds: ('whole' | 'cut off' | 'bad gzip')[];
  close(): Promise<void>;
}

/** @param mishaps what happens to the first, second … request with events */
export async function startStubServices(mishaps: readonly (Mishap | undefined)[] = []): Promise<StubServices> {
  const received: string[] = [];
  const bodies: string[] = [];
  const requestTimes: number[] = [];
  const requestKinds: StubServices['requestKinds'] = [];
  const seen = new Set<string>();
  let requests = 0;
  let untallied = 0;

  const ingest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    const place = requestKinds.push('whole') - 1;
    try {
      for await (const chunk of request) {
        pieces.push(chunk);
      }
    } catch {
      requestKinds[place] = 'cut off';
      return;
    }
    const body = unpacked(Buffer.concat(pieces), request);
    if (body === undefined) {
      requestKinds[place] = 'bad gzip';
      return refuse(response, 400, 'bad-compression');
    }
    const mishap = mishaps[requests];
    requests += 1;
    requestTimes.push(performance.now());
    bodies.push(body.toString('latin1'));
    if (mishap === 'hang-up') {
      return void request.socket.destroy();
    }
    if (mishap === 'busy' || mishap === 'too-many') {
      return refuse(response, mishap === 'busy' ? 503 : 429, 'overloaded');
    }
    const counts = { received: 0, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 };
    const refused: object[] = [];
    for (const line of body.toString('utf8').split('\n').filter(Boolean)) {
      counts.received += 1;
      const id = /"id":"([^"]+)"/.exec(line)?.[1];
      if (id === undefined || !(mishap === 'lenient' || isShortEvent(line) || readEventLine(Buffer.from(line)).ok)) {
        counts.rejected += 1;
        refused.push({ index: counts.received - 1, id: null, code: 'bad-json', message: 'not JSON' });
        continue;
      }
      received.push(id);
      if (seen.has(id)) {
        counts.duplicates += 1;
      } else {
        counts.accepted += 1;
      }
      seen.add(id);
    }
    untallied = 2;
    response.end(JSON.stringify({ ...counts, batches: ['1'], refused }));
  };

  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      return void ingest(request, response);
    }
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
    response.end(JSON.stringify({ items: untallied >= 0 ? [batch] : [], nextCursor: null, searched: null }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: { REWARDBOOK_URL_EVENTS: `http://127.0.0.1:${port}`, REWARDBOOK_KEY: 'rb_test' },
    received,
    bodies,
    requestTimes,
    requestKinds,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What most tests send. */
function isShortEvent(line: string): boolean {
  return /^\{"id":"[^"]+"(,"occurredAt":"[^"]+")?\}$/.test(line);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '0' });
  response.end(JSON.stringify({ type: 'about:blank', title: 'Refused', status, code }));
}

function unpacked(body: Buffer, { headers }: IncomingMessage): Buffer | undefined {
  if (headers['content-encoding'] !== 'gzip') {
    return body;
  }
  try {
    return gunzipSync(body);
  } catch {
    return undefined;
  }
}
