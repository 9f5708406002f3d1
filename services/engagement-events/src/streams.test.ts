import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Limits } from './ingest/limits.ts';
import { like, ndjson, PROGRAM, startTestService, type TestService } from './test-service.ts';

const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000 });

let service: TestService;
let writer: { authorization: string };
let port: number;

async function start(limits: Partial<Limits> = {}) {
  service = await startTestService({ limits });
  writer = await service.keyWith('events:write');
  port = Number(new URL(await service.app.listen({ port: 0, host: '127.0.0.1' })).port);
}
afterEach(() => service.stop());

/** A request whose body is still to be written. */
function open(headers: Record<string, string> = {}): { request: ClientRequest; answer: Promise<Answered> } {
  const request = httpRequest({
    port,
    method: 'POST',
    path: `/v1/programs/${PROGRAM}/events`,
    headers: { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked', ...writer, ...headers },
  });
  request.flushHeaders();
  const answer = once(request, 'response').then(async ([response]: IncomingMessage[]) => {
    const pieces: Buffer[] = [];
    for await (const piece of response ?? []) {
      pieces.push(piece);
    }
    return {
      status: response?.statusCode,
      retryAfter: response?.headers['retry-after'],
      body: JSON.parse(Buffer.concat(pieces).toString()),
    };
  });
  answer.catch(() => undefined);
  return { request, answer };
}

interface Answered {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

const count = async () => Number((await service.owner`SELECT count(*) AS n FROM event`)[0]?.n);
const lines = (prefix: string, n: number) => `${ndjson(Array.from({ length: n }, (_, i) => like(`${prefix}${i}`)))}\n`;

describe('a stream', () => {
  it('is recorded while it comes, however it is cut', async () => {
    await start({ flushEvents: 100 });
    const { request, answer } = open();
    const body = Buffer.from(lines('ü', 1_000));
    for (let i = 0; i < body.length; i += 777) {
      request.write(body.subarray(i, i + 777));
      if (i % 7_770 === 0) {
        await turn();
      }
    }
    await soon(async () => expect(await count()).toBeGreaterThan(500));
    request.end(JSON.stringify(like('last')));
    expect(await answer).toMatchObject({ status: 200, body: { received: 1_001, accepted: 1_001 } });
  });

  it('of gzip that is cut off says so, and what was recorded before', async () => {
    await start({ flushEvents: 100 });
    const gzip = createGzip({ level: 1 });
    const { request, answer } = open({ 'content-encoding': 'gzip' });
    gzip.pipe(request, { end: false });
    gzip.write(lines('g', 5_000));
    await new Promise<void>((resolve) => gzip.flush(() => resolve()));
    await soon(async () => expect(await count()).toBeGreaterThan(4_000));
    request.end();
    const { status, body } = await answer;
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'bad-compression', received: 5_000, accepted: 5_000 });
    expect(await count()).toBe(5_000);
  });

  it('of gzip that is damaged says so, and the connection stays open', async () => {
    await start();
    const whole = gzipSync(lines('d', 20_000), { level: 1 });
    whole.fill(0x55, whole.length >> 1, (whole.length >> 1) + 200);
    const { request, answer } = open({ 'content-encoding': 'gzip' });
    request.end(whole);
    const { status, body } = await answer;
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad-compression' });
    // Some lines may have come out damaged, and yet as events: the checksum is at the end.
    expect(body.accepted + body.duplicates + body.conflicts + body.rejected).toBe(body.received);
    expect(await count()).toBe(body.accepted);
  });

  it('that the client leaves: complete lines are recorded and sealed, nothing else', async () => {
    await start({ flushEvents: 100 });
    const { request, answer } = open();
    request.write(lines('left', 350));
    request.write('{"id":"half');
    await soon(async () => expect(await count()).toBeGreaterThanOrEqual(100));
    request.destroy();
    await expect(answer).rejects.toThrow();
    await soon(async () => {
      const [row] = await service.owner`
        SELECT sum(accepted)::integer AS n, count(*) FILTER (WHERE sealed_at IS NULL)::integer AS open FROM ingest_batch`;
      expect(row).toEqual({ n: 350, open: 0 });
    });
    await soon(async () =>
      expect((await service.app.inject('/metrics')).body).toMatch(/rewardbook_ingest_streams 0\n/),
    );
  });

  it('that falls silent is ended, with what was recorded', async () => {
    await start({ idleMs: 150 });
    const { request, answer } = open();
    request.write(lines('s', 3));
    expect(await answer).toMatchObject({ status: 408, body: { code: 'request-timeout', received: 3, accepted: 3 } });
  });

  it('that takes too long is ended, with what was recorded', async () => {
    await start({ streamMs: 200 });
    const { request, answer } = open();
    const drip = setInterval(() => request.write(lines(`t${performance.now()}`, 1)), 20);
    request.on('error', () => undefined);
    const { status, body } = await answer.finally(() => clearInterval(drip));
    expect({ status, code: body.code }).toEqual({ status: 408, code: 'request-timeout' });
    expect(body.accepted).toBe(body.received);
    expect(await count()).toBe(body.accepted);
  });

  it('is slowed down by the database instead of kept in memory', async () => {
    await start({ flushEvents: 500 });
    const holder = await service.owner.reserve();
    await holder`BEGIN`;
    await holder`LOCK TABLE event`;
    const { request, answer } = open();
    const piece = lines('slow', 400); // the same events over and over
    let sent = 0;
    let stuck = false;
    while (!stuck && sent < 100_000_000) {
      sent += piece.length;
      if (!request.write(piece)) {
        stuck = await Promise.race([once(request, 'drain').then(() => false), afterQuiet()]);
      }
    }
    expect(stuck).toBe(true);
    expect(sent).toBeLessThan(20_000_000);
    await holder`COMMIT`;
    holder.release();
    request.end();
    expect(await answer).toMatchObject({ status: 200, body: { accepted: 400, received: (sent / piece.length) * 400 } });
  });
});

/** Resolves when the sockets have had ample time to take more, had they been read. */
async function afterQuiet(): Promise<boolean> {
  for (let i = 0; i < 2_000; i++) {
    await turn();
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return true;
}

describe('limits', () => {
  it('a key has a limited number of streams, and gets Retry-After beyond it', async () => {
    await start({ streamsPerKey: 2 });
    const first = open();
    const second = open();
    const gauge = async () => (await service.app.inject('/metrics')).body;
    await soon(async () => expect(await gauge()).toMatch(/rewardbook_ingest_streams 2\n/));
    const third = await open().answer;
    expect(third).toMatchObject({ status: 429, retryAfter: '2', body: { code: 'too-many-requests' } });
    writer = await service.keyWith('events:write');
    const other = open();
    other.request.end(lines('o', 1));
    expect((await other.answer).status).toBe(200);
    for (const { request } of [first, second]) {
      request.end();
    }
    expect((await first.answer).status).toBe(200);
    await second.answer;
    expect(await gauge()).toMatch(/rewardbook_ingest_streams 0\n/);
  });

  it('what does not fit into memory is refused before it is read', async () => {
    await start({ bodyBytesInFlight: 1_000, streams: 0 });
    const big = await service.post([like('a', { extra: 'x'.repeat(2_000) })]);
    expect(big).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { code: 'overloaded' } });
    expect((await service.post(like('b'))).status).toBe(200);
    const stream = open();
    expect(await stream.answer).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'overloaded' } });
    await once(stream.request, 'close'); // though its body never ends
  });

  it('events that would wait for a statement are bounded', async () => {
    await start({ waitingEvents: 3 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => service.post([like(`w${i}a`), like(`w${i}b`)])),
    );
    const statuses = new Set(answers.map((answer) => answer.status));
    expect([...statuses].sort()).toEqual([200, 503]);
    const good = answers.filter((answer) => answer.status === 200);
    expect(await count()).toBe(2 * good.length);
  });
});

describe('a shutdown', () => {
  it('finishes requests and streams under way, and loses nothing', async () => {
    await start();
    const stream = open();
    stream.request.write(lines('a', 10));
    const singles = Array.from({ length: 50 }, (_, i) => {
      const single = open({ 'content-type': 'application/json' });
      single.request.end(JSON.stringify(like(`s${i}`)));
      return single.answer;
    });
    await soon(async () =>
      expect((await service.app.inject('/metrics')).body).toMatch(/rewardbook_ingest_streams 1\n/),
    );
    await Promise.all(singles.slice(0, 1));
    const closed = service.app.close();
    await turn();
    stream.request.end(lines('b', 10));
    expect(await stream.answer).toMatchObject({ status: 200, body: { accepted: 20 } });
    // One that had not been read yet when the service closed may find its connection cut; then it is not recorded either.
    const answers = await Promise.allSettled(singles);
    await closed;
    const recorded = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 200);
    expect(await count()).toBe(20 + recorded.length);
  });

  it('ends a stream that does not end by itself, and says how far it came', async () => {
    await start({ drainMs: 50 });
    const stream = open();
    stream.request.write(lines('a', 10));
    await soon(async () =>
      expect((await service.app.inject('/metrics')).body).toMatch(/rewardbook_ingest_streams 1\n/),
    );
    const closed = service.app.close();
    expect(await stream.answer).toMatchObject({
      status: 503,
      retryAfter: '1',
      body: { code: 'shutting-down', received: 10, accepted: 10 },
    });
    await closed;
    expect(await count()).toBe(10);
  });
});
