import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { requireScope } from '../access/api-key.ts';
import { createTestApp } from '../test-app.ts';
import { LIVE_ROUTE, type LiveLimits, LiveStreams } from './live.ts';
import { type LiveState, SharedPolls } from './shared-polls.ts';

const PAUSE_MS = 5;
const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    await one.close();
  }
});

async function start(limits: Partial<LiveLimits> = {}) {
  let state: LiveState = { count: 0, fixed: 'x', hidden: 'secret' };
  let failure: Error | undefined;
  let reads = 0;
  const test = await createTestApp();
  const { app } = test;
  const streams = new LiveStreams(app, { beatMs: 20, readmitMs: 10, ...limits });
  const polls = new SharedPolls<string>({
    read: async () => {
      reads += 1;
      if (failure !== undefined) {
        throw failure;
      }
      return state;
    },
    pauseMs: PAUSE_MS,
  });
  app.get('/v1/programs/:program/live', { ...LIVE_ROUTE, ...requireScope('read') }, async (_request, reply) =>
    streams.send(reply, { polls, key: 'p', without: ['hidden'] }),
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  open.push(app);
  const leaving = new AbortController();
  const listen = async (headers: Record<string, string>, signal = leaving.signal) =>
    fetch(`${url}/v1/programs/p/live`, { headers, signal });
  return {
    test,
    app,
    url,
    listen,
    leaving,
    reads: () => reads,
    set: (next: LiveState) => {
      state = next;
    },
    fail: (error: Error | undefined) => {
      failure = error;
    },
  };
}

/** Reads a stream until it has seen a text, or to its end. */
async function readUntil(answer: Response, wanted: string): Promise<string> {
  let text = '';
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) {
      return text;
    }
    text += piece.value;
    if (text.includes(wanted)) {
      return text;
    }
  }
}

describe('a stream of events', () => {
  it('gives the whole state first, then what changes, and between that says that it is there', async () => {
    const { test, listen, set } = await start();
    const answer = await listen(test.keyWith(['read']));
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    setTimeout(() => set({ count: 1, fixed: 'x' }), 60);
    const text = await readUntil(answer, 'data: 1\n');
    expect(text).toContain('retry: ');
    expect(text).toContain('event: count\ndata: 0\n\nevent: fixed\ndata: "x"\n\n');
    expect(text).toContain(': alive\n\n');
    expect(text.match(/event: fixed/g)).toHaveLength(1);
    expect(text).not.toContain('secret');
  });

  it('reads once for all who listen, and not at all for nobody', async () => {
    const { test, listen, reads, leaving } = await start();
    const headers = test.keyWith(['read']);
    const answers = await Promise.all(Array.from({ length: 10 }, () => listen(headers)));
    await Promise.all(answers.map((answer) => readUntil(answer, 'fixed')));
    const before = reads();
    await delay(20 * PAUSE_MS);
    expect(reads() - before).toBeLessThanOrEqual(21);
    leaving.abort();
    await vi.waitFor(async () => {
      const now = reads();
      await delay(5 * PAUSE_MS);
      expect(reads()).toBe(now);
    });
  });

  it('needs the scope, and ends once its key no longer works', async () => {
    const { test, listen } = await start();
    expect((await listen(test.keyWith(['operate']))).status).toBe(403);
    expect((await listen({})).status).toBe(401);
    const answer = await listen(test.keyWith(['read'], { expiresAt: new Date(Date.now() + 100) }));
    expect(answer.status).toBe(200);
    await readUntil(answer, 'no such text'); // to its end
  });

  it('is refused beyond what a key and the service may have, until one leaves', async () => {
    const { test, listen } = await start({ perKey: 2, inAll: 3 });
    const mine = test.keyWith(['read']);
    const leaving = new AbortController();
    expect((await listen(mine, leaving.signal)).status).toBe(200);
    expect((await listen(mine)).status).toBe(200);
    const refused = await listen(mine);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await listen(test.keyWith(['read']))).status).toBe(200);
    const full = await listen(test.keyWith(['read']));
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '5']);
    leaving.abort();
    await vi.waitFor(async () => expect((await listen(test.keyWith(['read']))).status).toBe(200));
  });

  it('ends when the state cannot be read, and says so to who asks then', async () => {
    const { test, listen, fail } = await start();
    const answer = await listen(test.keyWith(['read']));
    await readUntil(answer.clone(), 'fixed');
    fail(new Error('the database is away'));
    await readUntil(answer, 'no such text');
    expect((await listen(test.keyWith(['read']))).status).toBe(500);
    fail(undefined);
    expect((await listen(test.keyWith(['read']))).status).toBe(200);
  });

  it('does not hold up a shutdown', async () => {
    const { test, listen, app } = await start();
    const answers = await Promise.all([1, 2, 3].map(() => listen(test.keyWith(['read']))));
    const begun = performance.now();
    await app.close();
    expect(performance.now() - begun).toBeLessThan(2_000);
    await Promise.all(answers.map((answer) => readUntil(answer, 'no such text')));
  });

  it('keeps no more than the newest state for a reader that does not read', async () => {
    const { test, url, set } = await start({ readmitMs: 60_000 });
    const { host, port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const { authorization } = test.keyWith(['read']);
    socket.write(`GET /v1/programs/p/live HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n\r\n`);
    socket.pause();
    const large = 'y'.repeat(400_000);
    for (let turn = 0; turn < 60; turn += 1) {
      set({ count: turn, fixed: `${large}${turn}` });
      await delay(2 * PAUSE_MS);
    }
    let text = '';
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1');
    });
    socket.resume();
    await vi.waitFor(() => expect(text).toContain('data: 59\n'), 10_000);
    // Some states are in the kernel's buffers; all that came after these, but for the newest, were never kept.
    expect(text.match(/event: count/g)?.length).toBeLessThan(40);
    socket.destroy();
  });
});
