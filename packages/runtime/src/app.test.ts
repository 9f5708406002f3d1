import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { problemSchema } from '@rewardbook/contracts/values/problem';
import { BooksRefused } from '@rewardbook/db/errors';
import { DomainError } from '@rewardbook/domain/values/error';
import { MoneyError } from '@rewardbook/money/error';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { requireScope } from './access/api-key.ts';
import type { AppOptions } from './app.ts';
import { AppError } from './http/errors.ts';
import { createTestApp, type TestApp } from './test-app.ts';

const open: TestApp[] = [];
afterEach(async () => {
  for (const { app } of open.splice(0)) {
    await app.close();
  }
});

async function start(options: Partial<AppOptions> = {}) {
  const test = await createTestApp(options);
  open.push(test);
  const { app } = test;
  app.post(
    '/v1/things',
    { ...requireScope('operate'), schema: { body: z.strictObject({ name: z.string() }) } },
    async (request) => request.body,
  );
  app.get(
    '/v1/things/:id',
    { ...requireScope('read'), schema: { params: z.object({ id: z.string() }) } },
    async (request) => ({ id: request.params.id }),
  );
  const failures: Record<string, () => Error> = {
    app: () => new AppError('overloaded', 'Too much at once', { retryAfterSeconds: 7 }),
    busy: () => new AppError('too-many-requests', 'Slow down'),
    books: () => new BooksRefused('period-closed', 'Period 2026-10 is closed already'),
    strange: () => new BooksRefused('no-such-code', 'secret inside'),
    domain: () => new DomainError('bad-period', 'not a period'),
    posting: () => new DomainError('bad-posting', 'secret inside'),
    money: () => new MoneyError('too-many-decimals', 'IDR has 2'),
    plain: () => new Error('password is hunter2'),
    refused: () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    'shut-down': () => Object.assign(new Error('terminating connection'), { code: '57P01' }),
    memory: () => Object.assign(new Error('out of memory'), { code: '53200' }),
    broken: () => Object.assign(new Error('connection_failure'), { code: '08006' }),
    full: () => Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' }),
    nul: () => Object.assign(new Error('invalid byte sequence: secret inside'), { code: '22021' }),
  };
  app.get('/fail/:how', { schema: { params: z.object({ how: z.string() }) } }, async (request) => {
    throw failures[request.params.how]?.() ?? new Error('no such failure');
  });
  await app.ready();
  return test;
}

describe('problems', () => {
  it.each([
    ['malformed JSON', '{"name":', 'application/json', 400, 'bad-json'],
    ['an empty body', '', 'application/json', 400, 'bad-json'],
    ['another media type', '<a/>', 'text/xml', 415, 'unsupported-media-type'],
    ['no media type', '<a/>', '', 415, 'unsupported-media-type'],
    ['a key twice', '{"name":"a","name":"b"}', 'application/json', 400, 'duplicate-key'],
    ['what is not UTF-8', Buffer.from('{"name":"é"}', 'latin1'), 'application/json', 400, 'bad-utf8'],
    ['half of a surrogate pair', '{"name":"\\ud800"}', 'application/json', 400, 'bad-request'],
    ['an escaped prototype', '{"\\u005f_proto__":{}}', 'application/json', 400, 'bad-json'],
    ['a body that is too large', JSON.stringify({ name: 'x'.repeat(2_000_000) }), 'application/json', 413, 'too-large'],
    ['a wrong type', '{"name":1}', 'application/json', 400, 'invalid-request'],
    ['an unknown key', '{"name":"a","size":1}', 'application/json', 400, 'invalid-request'],
    ['a poisoned prototype', '{"__proto__":{"name":"a"}}', 'application/json', 400, 'bad-json'],
  ])('answer %s', async (_what, payload, type, status, code) => {
    const { app, keyWith } = await start();
    const headers = { ...keyWith(['operate']), 'content-type': type };
    const answer = await app.inject({ method: 'POST', url: '/v1/things?x=1', payload, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    const problem = problemSchema.parse(answer.json());
    expect(problem).toMatchObject({ status, code, instance: '/v1/things', requestId: answer.headers['x-request-id'] });
  });

  it('name the media types that are taken', async () => {
    const { app, keyWith } = await start();
    const headers = { ...keyWith(['operate']), 'content-type': 'text/csv' };
    const answer = await app.inject({ method: 'POST', url: '/v1/things', payload: 'a,b', headers });
    expect(answer.json()).toMatchObject({ detail: 'Content-Type text/csv is not taken here; send application/json' });
    expect(answer.headers.accept).toBe('application/json');
  });

  it('do not come of a byte order mark, or of texts that only look odd', async () => {
    const { app, keyWith } = await start();
    const headers = { ...keyWith(['operate']), 'content-type': 'application/json' };
    for (const name of ['constructor', '__proto__', '\\ud800', '\u{1f600}', 'é']) {
      for (const text of [JSON.stringify({ name }), JSON.stringify({ name }).replace('\u{1f600}', '\\ud83d\\ude00')]) {
        const answer = await app.inject({ method: 'POST', url: '/v1/things', payload: `\ufeff${text}`, headers });
        expect([text, answer.statusCode]).toEqual([text, 200]);
      }
    }
  });

  it('say what is wrong where', async () => {
    const { app, keyWith } = await start();
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/things',
      payload: { name: 1 },
      headers: keyWith(['operate']),
    });
    expect(answer.json().errors).toEqual([{ path: 'body.name', message: expect.stringContaining('expected string') }]);
  });

  it('answer an unknown route and an unknown method', async () => {
    const { app } = await start();
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await app.inject({ method, url: '/v1/nothing' });
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'not-found', instance: '/v1/nothing' });
    }
  });

  it.each([
    ['app', 503, 'overloaded', '7'],
    ['busy', 429, 'too-many-requests', '1'],
    ['books', 409, 'period-closed', undefined],
    ['domain', 400, 'bad-period', undefined],
    ['money', 400, 'bad-amount', undefined],
    ['refused', 503, 'database-unavailable', '1'],
    ['shut-down', 503, 'database-unavailable', '1'],
    ['memory', 503, 'database-unavailable', '1'],
    ['broken', 503, 'database-unavailable', '1'],
    ['full', 503, 'database-full', '5'],
    ['nul', 400, 'bad-request', undefined],
  ])('map the typed error "%s"', async (how, status, code, retryAfter) => {
    const { app } = await start();
    const answer = await app.inject({ url: `/fail/${how}` });
    expect(answer.statusCode).toBe(status);
    expect(answer.json().code).toBe(code);
    expect(answer.headers['retry-after']).toBe(retryAfter);
  });

  it.each(['plain', 'posting', 'strange'])('hide what went wrong inside: %s', async (how) => {
    const { app } = await start();
    const answer = await app.inject({ url: `/fail/${how}` });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'internal-error', title: 'Internal error' });
    expect(answer.body).not.toMatch(/hunter2|secret/);
  });

  it('take over a request id that is harmless, and make one otherwise', async () => {
    const { app } = await start();
    const given = await app.inject({ url: '/healthz', headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers['x-request-id']).toBe('abc-1');
    const odd = await app.inject({ url: '/healthz', headers: { 'x-request-id': 'a b"c' } });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('health', () => {
  it('is ready while its parts answer, and says which does not', async () => {
    let works = true;
    const database = async () => {
      if (!works) {
        throw new Error('postgres://u:hunter2@db is down');
      }
    };
    const { app } = await start({ checks: { database, queue: async () => {} } });
    expect((await app.inject({ url: '/readyz' })).json()).toEqual({ status: 'ready', checks: ['database', 'queue'] });
    works = false;
    const answer = await app.inject({ url: '/readyz' });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ code: 'not-ready', detail: 'Not answering: database' });
    expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200);
  });

  it('is not ready once it drains, and still answers', async () => {
    const { app } = await start();
    app.drain();
    expect((await app.inject({ url: '/readyz' })).json()).toMatchObject({ status: 503, code: 'shutting-down' });
    expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200);
  });
});

describe('metrics', () => {
  it('count requests by route pattern, never by address', async () => {
    const { app, keyWith } = await start();
    await app.inject({ url: '/v1/things/7', headers: keyWith(['read']) });
    await app.inject({ url: '/v1/typo/8' });
    const answer = await app.inject({ url: '/metrics' });
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toContain(
      'http_request_duration_seconds_count{method="GET",route="/v1/things/:id",status="200"} 1',
    );
    expect(answer.body).toContain('http_request_duration_seconds_count{method="GET",route="unknown",status="404"} 1');
    expect(answer.body).toContain('process_resident_memory_bytes');
  });
});

describe('OpenAPI', () => {
  it('is made from the routes, with the scope that each needs', async () => {
    const { app } = await start();
    const document = (await app.inject({ url: '/openapi.json' })).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual(['/fail/{how}', '/v1/things', '/v1/things/{id}']);
    const post = document.paths['/v1/things'].post;
    expect(post.security).toEqual([{ apiKey: ['operate'] }]);
    expect(post.requestBody.content['application/json'].schema.properties.name).toEqual({ type: 'string' });
    expect((await app.inject({ url: '/docs' })).statusCode).toBeLessThan(400);
  });
});

describe('a closing app', () => {
  it('finishes what is under way, tells others to come back, and waits for no idle connection', async () => {
    const { app } = await createTestApp();
    let release = () => {};
    let arrived = () => {};
    const inHandler = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    app.get('/slow', async () => {
      arrived();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return 'done';
    });
    const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    const open = (request: string) => {
      const socket = connect(Number(url.port), url.hostname);
      const received: string[] = [];
      socket.setEncoding('utf8').on('data', (piece) => received.push(String(piece)));
      const closed = new Promise((resolve) => socket.on('close', resolve));
      const connected = new Promise<void>((resolve) => socket.write(request, () => resolve()));
      return { received, closed, connected };
    };
    const slow = open('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    const silent = open('');
    const keptAlive = open('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await Promise.all([inHandler, silent.connected]);
    await vi.waitFor(() => expect(keptAlive.received.join('')).toContain('200 OK'));

    const begun = performance.now();
    const closed = app.close();
    await Promise.all([silent.closed, keptAlive.closed]);
    const late = await app.inject({ url: '/healthz' }).catch((error: Error) => error);
    if (!(late instanceof Error)) {
      expect(late.json()).toMatchObject({ code: 'shutting-down' });
    }
    release();
    await Promise.all([closed, slow.closed]);
    expect(slow.received.join('')).toMatch(/connection: close[\s\S]*done$/);
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});

describe('the request log', () => {
  it('tells of an answer that broke off after it had begun', async () => {
    const lines: string[] = [];
    const test = await createTestApp({
      logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    });
    open.push(test);
    test.app.get('/broken', async (_request, reply) => {
      async function* pieces() {
        yield 'begun';
        throw new Error('the cursor is gone');
      }
      return reply.send(Readable.from(pieces()));
    });
    const url = await test.app.listen({ port: 0, host: '127.0.0.1' });
    await expect(fetch(`${url}/broken`).then((answer) => answer.text())).rejects.toThrow();
    await vi.waitFor(() => expect(lines.join('')).toContain('the cursor is gone'));
  });
});
