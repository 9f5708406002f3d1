import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { cookieOf, FROM_PAGE, startTestConsole, type TestConsole } from './test-service.ts';

let test: TestConsole;
let key: string;
let cookie: string;
const client = new Agent({ headersTimeout: 60_000 });
beforeAll(async () => {
  test = await startTestConsole();
  key = await test.newKey('ada', 'read', 'operate');
  cookie = await test.signIn(key);
});
afterAll(async () => {
  await client.destroy();
  await test.stop();
});
afterEach(() => {
  test.stub.answerWith((_request, response) => response.setHeader('content-type', 'application/json').end('{}'));
});

/** The request that the stub got last. */
function lastRequest(): IncomingMessage {
  const request = test.stub.requests.at(-1);
  if (request === undefined) {
    throw new Error('nothing was passed on');
  }
  return request;
}

/** A request whose answer is read as it comes. */
function open(path: string, signal?: AbortSignal) {
  return client.request({
    origin: test.url,
    path,
    method: 'GET',
    headers: { ...FROM_PAGE, cookie },
    ...(signal === undefined ? {} : { signal }),
  });
}

describe('a request', () => {
  it('goes to its service under the session’s key, without cookies, to the byte of its address', async () => {
    const path = '/v1/a%2Fb/..c/~../%252e%20%E0%B8%81?q=%26&q=2&e=&plus=a+b';
    const answer = await test.ask(`/api/reports${path}`, {
      headers: { ...FROM_PAGE, accept: 'text/csv', authorization: 'Bearer mine', 'accept-language': 'th' },
      cookie,
    });
    expect(answer.status).toBe(200);
    const { url, headers } = lastRequest();
    expect(url).toBe(path);
    expect(headers).toMatchObject({ authorization: `Bearer ${key}`, accept: 'text/csv', 'accept-language': 'th' });
    expect(headers.host).toBe(new URL(test.stub.url).host);
    expect(headers['x-request-id']).toBe(answer.headers['x-request-id']);
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('sec-fetch-site');
  });

  it('says whom it is from, and takes nobody’s word for it', async () => {
    await test.ask('/api/events/v1/x', {
      headers: {
        ...FROM_PAGE,
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'evil.example',
        'x-real-ip': '203.0.113.9',
        forwarded: 'for=203.0.113.9',
      },
      cookie,
    });
    expect(lastRequest().headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': test.host,
    });
    expect(lastRequest().headers).not.toHaveProperty('x-real-ip');
    expect(lastRequest().headers).not.toHaveProperty('forwarded');
  });

  it('leaves what is between two ends of a connection behind', async () => {
    await raw(
      'GET /api/events/v1/x',
      'connection: close, x-mine\r\nx-mine: 1\r\nte: trailers\r\nkeep-alive: 5\r\nproxy-authorization: x\r\n',
    );
    const { headers } = lastRequest();
    for (const name of ['x-mine', 'te', 'keep-alive', 'proxy-authorization', 'upgrade']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  it('without a session, or to what is not an address of a service, goes nowhere', async () => {
    const before = test.stub.requests.length;
    expect((await test.ask('/api/events/v1/x', { headers: FROM_PAGE })).status).toBe(401);
    for (const path of [
      '/api/events/v1/../metrics',
      '/api/events/v1/a/../../../metrics',
      '/api/events/v1/%2e%2e/metrics',
      '/api/events/v1/%2E./metrics',
      '/api/events/v1/./x',
      '/api/events/v1/..',
      '/api/events/v1\\..\\metrics',
      '/api/events/v1/..\\metrics',
      '/api/events/v1/x#y',
      '/%61pi/events/v1/x',
      '/api/%65vents/v1/x',
      '/api//events/v1/x',
      '/api/events/V1/x',
      '/api/events/v1',
      '/api/events/metrics',
      '/api/events/docs',
      `${test.url}/api/events/v1/x`,
      'http://evil.example/api/events/v1/x',
    ]) {
      const status = Number((await raw(`GET ${path}`)).slice(9, 12));
      expect([path, [400, 404].includes(status)]).toEqual([path, true]);
    }
    expect(test.stub.requests.length).toBe(before);
  });

  it('with a body streams it, whatever its type and size', async () => {
    const hash = createHash('sha256');
    test.stub.answerWith(async (request, response) => {
      for await (const piece of request) {
        hash.update(piece);
      }
      response.end(hash.digest('hex'));
    });
    const expected = createHash('sha256');
    const body = Readable.from(
      (function* () {
        for (let piece = 0; piece < 400; piece += 1) {
          const bytes = randomBytes(65_536);
          expected.update(bytes);
          yield bytes;
        }
      })(),
    );
    const headers = { ...FROM_PAGE, 'content-type': 'application/x-ndjson', 'content-encoding': 'identity' };
    const answer = await test.ask('/api/reports/v1/lab/events', { method: 'POST', headers, cookie, body });
    expect(answer.text).toBe(expected.digest('hex'));
    expect(lastRequest().headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-encoding': 'identity',
    });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('of method %s has its body, or none', async (method) => {
    test.stub.answerWith(async (request, response) => {
      let text = '';
      for await (const piece of request.setEncoding('utf8')) {
        text += piece;
      }
      response.end(
        JSON.stringify({ text, type: request.headers['content-type'], length: request.headers['content-length'] }),
      );
    });
    const path = '/api/events/v1/x';
    const with_ = await test.ask(path, { method, headers: FROM_PAGE, cookie, json: { a: 1 } });
    expect(with_.json()).toEqual({ text: '{"a":1}', type: 'application/json', length: '7' });
    const without = await test.ask(path, { method, headers: FROM_PAGE, cookie });
    expect(without.json()).toMatchObject({ text: '' });
  });

  it('that its service answers before it has read the body gets that answer', async () => {
    test.stub.answerWith((_request, response) => {
      response
        .writeHead(413, { 'content-type': 'application/problem+json', connection: 'close' })
        .end('{"code":"too-large"}');
    });
    const socket = connect(Number(new URL(test.url).port), '127.0.0.1');
    const received: string[] = [];
    socket.setEncoding('utf8').on('data', (piece) => received.push(String(piece)));
    socket.on('error', () => undefined);
    socket.write(
      `POST /api/events/v1/x HTTP/1.1\r\nhost: ${test.host}\r\ncookie: ${cookie}\r\nsec-fetch-site: same-origin\r\n` +
        `content-type: application/json\r\ncontent-length: 90000000\r\n\r\n${'x'.repeat(100_000)}`,
    );
    await vi.waitFor(() => expect(received.join('')).toMatch(/^HTTP\/1\.1 413 [\s\S]*too-large/), 10_000);
    socket.destroy();
  });
});

describe('an answer', () => {
  it('sets no cookies, and points to addresses of the console', async () => {
    test.stub.answerWith((_request, response) => {
      response
        .writeHead(201, {
          location: '/v1/keys/7',
          'set-cookie': ['rewardbook=evil', 'b=c'],
          'x-own': '1',
          connection: 'x-own',
        })
        .end('{}');
    });
    const { status, headers } = await test.ask('/api/ledger/v1/none', { headers: FROM_PAGE, cookie });
    expect(status).toBe(404); // the real ledger
    expect(headers['cache-control']).toBe('no-store');
    const made = await test.ask('/api/events/v1/keys', { method: 'POST', headers: FROM_PAGE, cookie, json: {} });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe('/api/events/v1/keys/7');
    expect(made.headers).not.toHaveProperty('set-cookie');
    expect(made.headers).not.toHaveProperty('x-own');
  });

  it('keeps its status, type and text, problems too', async () => {
    const refused = await test.ask('/api/ledger/v1/keys', { headers: FROM_PAGE, cookie });
    expect(refused.status).toBe(403);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(refused.json()).toMatchObject({ code: 'forbidden', instance: '/v1/keys' });
    expect(refused.headers['set-cookie']).toBeUndefined();
    test.stub.answerWith((_request, response) => response.writeHead(503, { 'retry-after': '7' }).end());
    const before = test.stub.requests.length;
    const busy = await test.ask('/api/events/v1/x', { headers: FROM_PAGE, cookie });
    expect([busy.status, busy.headers['retry-after'], test.stub.requests.length - before]).toEqual([503, '7', 1]);
    test.stub.answerWith((_request, response) => response.writeHead(204).end());
    expect((await test.ask('/api/events/v1/x', { method: 'DELETE', headers: FROM_PAGE, cookie })).status).toBe(204);
    test.stub.answerWith((_request, response) => response.writeHead(200, { 'content-length': '500' }).end());
    const head = await test.ask('/api/events/v1/x', { method: 'HEAD', headers: FROM_PAGE, cookie });
    expect([head.status, head.headers['content-length']]).toEqual([200, '500']);
  });

  it('of events comes at once, piece by piece, and ends for the service when the reader leaves', async () => {
    let stream: ServerResponse | undefined;
    let left = false;
    test.stub.answerWith((_request, response) => {
      response.on('close', () => {
        left = true;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      stream = response;
    });
    const leaving = new AbortController();
    const { body, headers } = await open('/api/events/v1/stream', leaving.signal);
    expect(headers['content-type']).toBe('text/event-stream');
    const pieces = body[Symbol.asyncIterator]();
    expect(String((await pieces.next()).value)).toBe('data: 1\n\n');
    stream?.write('data: 2\n\n');
    expect(String((await pieces.next()).value)).toBe('data: 2\n\n');
    body.on('error', () => undefined);
    leaving.abort();
    await vi.waitFor(() => expect(left).toBe(true));
  });

  it('that has not begun ends for the service, too, when the reader leaves', async () => {
    const arrived = new Promise<ServerResponse>((resolve) =>
      test.stub.answerWith((_request, response) => resolve(response)),
    );
    const leaving = new AbortController();
    const asked = open('/api/events/v1/slow', leaving.signal).catch((error: Error) => error);
    const response = await arrived;
    const left = once(response, 'close');
    leaving.abort();
    expect(await asked).toBeInstanceOf(Error);
    await left;
    expect(response.writableEnded).toBe(false);
  });

  it('that is large waits for its reader, and is never held whole', async () => {
    let written = 0;
    test.stub.answerWith((_request, response) => {
      const piece = Buffer.alloc(65_536, 'x');
      Readable.from(
        (function* () {
          for (let count = 0; count < 1_500; count += 1) {
            written += piece.length;
            yield piece;
          }
        })(),
      ).pipe(response);
    });
    const { body } = await open('/api/reports/v1/large');
    const pieces = body[Symbol.asyncIterator]();
    await pieces.next();
    // What the sockets and streams between hold; the rest waits for the reader.
    const held = await settled(() => written);
    expect(held).toBeLessThan(32 * 1024 * 1024);
    let read = 65_536;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      read += next.value.length;
    }
    expect(written).toBe(1_500 * 65_536);
    expect(read).toBeGreaterThan(written - 65_536);
  });

  it('that breaks off is broken off here as well: it never looks whole', async () => {
    test.stub.answerWith((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' });
      response.write('a,b\n', () => response.destroy());
    });
    const { body } = await open('/api/reports/v1/file');
    await expect(body.text()).rejects.toThrow();
  });
});

it('a service that is away is named, and comes back without anything to do', async () => {
  const own = await startTestConsole();
  try {
    const ownCookie = await own.signIn(await own.newKey('ada', 'read'));
    await own.stub.stop();
    for (const [path, name] of [
      ['events', 'engagement-events'],
      ['reports', 'payout-reports'],
    ] as const) {
      const answer = await own.ask(`/api/${path}/v1/x`, { headers: FROM_PAGE, cookie: ownCookie });
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json()).toMatchObject({
        status: 503,
        code: 'service-unavailable',
        detail: expect.stringContaining(name),
      });
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect((await own.ask('/api/ledger/v1/programs', { headers: FROM_PAGE, cookie: ownCookie })).status).toBe(200);
    expect((await own.ask('/readyz')).status).toBe(200);
  } finally {
    await own.stop();
  }
});

it('behind a proxy that it trusts, it says whom the proxy has the request from', async () => {
  const own = await startTestConsole({ trustedProxies: '127.0.0.1' });
  try {
    const ownCookie = await own.signIn(await own.newKey('ada', 'read'));
    const headers = { ...FROM_PAGE, 'x-forwarded-for': '198.51.100.1, 203.0.113.9', 'x-forwarded-proto': 'https' };
    expect((await own.ask('/api/events/v1/x', { headers, cookie: ownCookie })).status).toBe(200);
    // What stands before the address that the trusted proxy saw may be anybody's invention.
    expect(own.stub.requests.at(-1)?.headers).toMatchObject({
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
    });
  } finally {
    await own.stop();
  }
});

it('a shutdown does not wait for streams of events', async () => {
  const own = await startTestConsole();
  const ownCookie = await own.signIn(await own.newKey('ada', 'read'));
  own.stub.answerWith((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  const reading = await client.request({
    origin: own.url,
    path: '/api/events/v1/stream',
    method: 'GET',
    headers: { ...FROM_PAGE, cookie: ownCookie },
  });
  const pieces = reading.body[Symbol.asyncIterator]();
  await pieces.next();
  await Promise.all([own.service.app.close(), expect(pieces.next()).rejects.toThrow()]);
  await own.stop();
});

/** A value once it no longer changes while everything that is due is done. */
async function settled(look: () => number): Promise<number> {
  for (let before = look(), still = 0; ; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = look();
    still = now === before ? still + 1 : 0;
    before = now;
    if (still > 2_000) {
      return now;
    }
  }
}

/** What comes of a request that no client would send. */
async function raw(line: string, headers = 'connection: close\r\n'): Promise<string> {
  const socket = connect(Number(new URL(test.url).port), '127.0.0.1');
  socket.write(
    `${line} HTTP/1.1\r\nhost: ${test.host}\r\ncookie: ${cookie}\r\nsec-fetch-site: same-origin\r\n${headers}\r\n`,
  );
  let text = '';
  for await (const piece of socket.setEncoding('utf8')) {
    text += piece;
  }
  return text;
}

describe('a stream of events', () => {
  /** Opens one under a session of its own; the pieces throw once it is broken off. */
  async function openStream(session: string): Promise<AsyncIterator<unknown>> {
    test.stub.answerWith((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const { body, headers } = await client.request({
      origin: test.url,
      path: '/api/events/v1/live',
      method: 'GET',
      headers: { ...FROM_PAGE, cookie: session },
    });
    expect(headers).not.toHaveProperty('set-cookie');
    const pieces = body[Symbol.asyncIterator]();
    await pieces.next();
    return pieces;
  }

  it('ends when its session signs out, and no other', async () => {
    const [mine, other] = [await test.signIn(key), await test.signIn(key)];
    const [leaving, staying] = [await openStream(mine), await openStream(other)];
    const serviceLeft = new Promise((resolve) => {
      lastRequest()
        .on('error', () => undefined)
        .once('close', resolve);
    });
    const broken = expect(leaving.next()).rejects.toThrow();
    await test.ask('/session', { method: 'DELETE', headers: FROM_PAGE, cookie: mine });
    await broken;
    const going = staying.next();
    expect(await Promise.race([going.then(() => 'ended'), Promise.resolve('open')])).toBe('open');
    const ended = expect(going).rejects.toThrow();
    await test.ask('/session', { method: 'DELETE', headers: FROM_PAGE, cookie: other });
    await Promise.all([ended, serviceLeft]);
  });

  it('ends with a session that nobody uses, and goes on while somebody does, up to its longest time', async () => {
    const minute = 60_000;
    let session = await test.signIn(key);
    const pieces = await openStream(session);
    const end = pieces.next().then(
      () => 'ended',
      () => 'broken off',
    );
    const look = () => Promise.race([end, new Promise((resolve) => setTimeout(() => resolve('open'), 1_500))]);
    test.pass(20 * minute);
    const used = await test.ask('/session', { headers: FROM_PAGE, cookie: session });
    session = cookieOf(used.headers) ?? session;
    test.pass(20 * minute);
    expect(await look()).toBe('open');
    test.pass(11 * minute);
    expect(await look()).toBe('broken off');
    expect((await test.ask('/session', { headers: FROM_PAGE, cookie: session })).status).toBe(401);
  });

  it('does not keep its session, however often it is asked for', async () => {
    const session = await test.signIn(key);
    test.pass(2 * 60_000);
    const pieces = await openStream(session); // no cookie: see there
    const broken = expect(pieces.next()).rejects.toThrow();
    await test.ask('/session', { method: 'DELETE', headers: FROM_PAGE, cookie: session });
    await broken;
  });
});
