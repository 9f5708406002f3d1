import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { requireScope } from '../access/api-key.ts';
import { createTestApp, type TestApp } from '../test-app.ts';
import type { ClientLimits } from './limits.ts';

const open: TestApp[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
  for (const { app } of open.splice(0)) {
    await app.close();
  }
});

const QUICK: Partial<ClientLimits> = {
  headersMs: 200,
  bodyMs: 600,
  bodyIdleMs: 150,
  keepAliveMs: 150,
  readerGraceMs: 100,
  readerBytesPerSecond: 1_000_000,
  lookEveryMs: 20,
};

/** An app that listens, with routes that take a body, none, and one that never stops answering. */
async function listening(limits: Partial<ClientLimits> = {}) {
  const test = await createTestApp({ limits: { ...QUICK, ...limits } });
  open.push(test);
  const ended = vi.fn();
  const release: (() => void)[] = [];
  test.app.post(
    '/v1/things',
    { ...requireScope('operate'), schema: { body: z.array(z.strictObject({ name: z.string() })) } },
    async (request) => ({ count: request.body.length }),
  );
  test.app.post('/v1/nothing-taken', requireScope('operate'), async () => ({}));
  test.app.get('/endless', (_request, reply) => {
    const pieces = Readable.from(
      (function* () {
        for (;;) {
          yield Buffer.alloc(65_536);
        }
      })(),
    );
    pieces.once('close', ended);
    reply.send(pieces);
  });
  test.app.get('/v1/held', requireScope('read'), async () => {
    await new Promise<void>((resolve) => release.push(resolve));
    return {};
  });
  const { port } = new URL(await test.app.listen({ port: 0, host: '127.0.0.1' }));
  return { ...test, port: Number(port), ended, release };
}

interface Client {
  readonly socket: Socket;
  /** All that came, once the connection is closed. */
  readonly closed: Promise<string>;
}

async function client(port: number, sent = ''): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  let received = '';
  socket.setEncoding('utf8').on('data', (piece) => {
    received += String(piece);
  });
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  if (sent !== '') {
    socket.write(sent);
  }
  return { socket, closed };
}

const post = (path: string, headers: Record<string, string>, body = ''): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;

describe('a connection', () => {
  it.each([
    ['is silent', ''],
    ['sends half a head', 'GET /healthz HTTP/1.1\r\nhost:'],
    ['has been answered', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['is no HTTP', 'hello\r\n\r\n'],
  ])('that %s is ended in time', async (_what, sent) => {
    const { port } = await listening();
    const { closed } = await client(port, sent);
    await closed;
  });

  it('that is idle makes room for another of its address; those with a request stay', async () => {
    const { app, port, keyWith, release } = await listening({
      connectionsPerAddress: 2,
      keepAliveMs: 60_000,
      headersMs: 60_000,
    });
    const held = `GET /v1/held HTTP/1.1\r\nhost: x\r\nauthorization: ${keyWith(['read']).authorization}\r\n\r\n`;
    const busy = await client(port, held);
    await vi.waitFor(() => expect(release).toHaveLength(1));
    const silent = await client(port);
    const next = await client(port, held);
    await silent.closed;
    await vi.waitFor(() => expect(release).toHaveLength(2));
    const refused = await client(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await refused.closed).toBe('');
    for (const go of release) {
      go();
    }
    const closing = app.close();
    expect((await busy.closed) + (await next.closed)).toMatch(/200 OK.*200 OK/s);
    await closing;
  });
});

describe('a body', () => {
  it('that stops coming is answered with 408, also where the route takes none', async () => {
    const { port, keyWith } = await listening();
    const headers = { ...keyWith(['operate']), 'content-type': 'application/json', 'content-length': '900' };
    for (const path of ['/v1/things', '/v1/nothing-taken']) {
      const { closed } = await client(port, post(path, headers, '[{'));
      expect(await closed).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*"code":"request-timeout"/s);
    }
  });

  it('that comes byte by byte has its time, and no more', async () => {
    const { port, keyWith } = await listening();
    const headers = { ...keyWith(['operate']), 'content-type': 'application/json', 'content-length': '90000' };
    const { socket, closed } = await client(port, post('/v1/things', headers, '['));
    const drip = setInterval(() => socket.write(' '), 20);
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(drip);
  });

  it('to an address that does not exist, or without a key, is answered unread, and its rest cut off', async () => {
    const { port } = await listening();
    const headers = { 'content-type': 'application/json', 'content-length': '500000000' };
    for (const [path, status] of [
      ['/v1/none', 404],
      ['/v1/things', 401],
    ] as const) {
      const { socket, closed } = await client(port, post(path, headers, '['));
      const drip = setInterval(() => socket.write(' '), 20);
      expect(await closed).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      clearInterval(drip);
    }
  });

  it('is read only where the route takes one, and only with a media type that it takes', async () => {
    const { app, keyWith } = await listening();
    const ask = async (url: string, type: string, payload: string) =>
      (
        await app.inject({
          method: 'POST',
          url,
          headers: { ...keyWith(['operate']), 'content-type': type },
          payload,
        })
      ).statusCode;
    expect(await ask('/v1/nothing-taken', 'application/json', '{}')).toBe(200);
    expect(await ask('/v1/nothing-taken', 'application/json', `"${'x'.repeat(2_000)}"`)).toBe(413);
    expect(await ask('/v1/nothing-taken', 'text/csv', 'a,b')).toBe(415);
    expect(await ask('/v1/things', 'text/csv', 'a,b')).toBe(415);
  });

  it('with many faults has a short answer', async () => {
    const { app, keyWith } = await listening();
    const ask = async (payload: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/things',
        headers: { ...keyWith(['operate']), 'content-type': 'application/json' },
        payload,
      });
    const wrong = await ask(JSON.stringify(Array.from({ length: 150_000 }, () => 0)));
    expect(wrong.json()).toMatchObject({ code: 'invalid-request' });
    expect(wrong.json().errors).toHaveLength(100);
    expect(wrong.body.length).toBeLessThan(100_000);
    const keys = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key-number-${i}`, 0]));
    const unknown = await ask(JSON.stringify([keys]));
    expect(unknown.json()).toMatchObject({ code: 'invalid-request' });
    expect(unknown.body.length).toBeLessThan(10_000);
    const many = await ask(JSON.stringify(Array.from({ length: 300_000 }, () => 0)));
    expect(many.json()).toMatchObject({ code: 'too-large' });
  });
});

describe('a reader', () => {
  it('that takes nothing is cut off, and what was made for it ends', async () => {
    const { port, ended } = await listening();
    const { socket } = await client(port, 'GET /endless HTTP/1.1\r\nhost: x\r\n\r\n');
    socket.pause();
    await vi.waitFor(() => expect(ended).toHaveBeenCalled(), 20_000);
  });

  it('that is fast enough goes on', async () => {
    const { port, ended } = await listening();
    const { socket } = await client(port, 'GET /endless HTTP/1.1\r\nhost: x\r\n\r\n');
    let bytes = 0;
    socket.on('data', (piece) => {
      bytes += piece.length;
    });
    await vi.waitFor(() => expect(bytes).toBeGreaterThan(50_000_000), 20_000);
    expect(ended).not.toHaveBeenCalled();
  });
});

describe('a key', () => {
  it('may not have more requests under way than its limit; other keys are answered meanwhile', async () => {
    const { app, keyWith, release } = await listening({ requestsPerKey: 2 });
    const headers = keyWith(['read']);
    const held = [1, 2].map(() => app.inject({ url: '/v1/held', headers }));
    await vi.waitFor(() => expect(release).toHaveLength(2));
    const refused = await app.inject({ url: '/v1/held', headers });
    expect(refused.json()).toMatchObject({ status: 429, code: 'too-many-requests' });
    expect(refused.headers['retry-after']).toBe('1');
    const other = app.inject({ url: '/v1/held', headers: keyWith(['read']) });
    await vi.waitFor(() => expect(release).toHaveLength(3));
    for (const go of release) {
      go();
    }
    for (const answer of await Promise.all([...held, other])) {
      expect(answer.statusCode).toBe(200);
    }
    const again = app.inject({ url: '/v1/held', headers });
    await vi.waitFor(() => expect(release).toHaveLength(4));
    release[3]?.();
    expect((await again).statusCode).toBe(200);
  });
});

describe('every answer', () => {
  it.each(['/docs/', '/docs/static/swagger-ui.css', '/openapi.json', '/healthz', '/metrics', '/v1/none', '/v1/held'])(
    'of %s keeps a browser from guessing, framing and running',
    async (url) => {
      const { app } = await listening();
      const { headers } = await app.inject({ url });
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/);
    },
  );
});
