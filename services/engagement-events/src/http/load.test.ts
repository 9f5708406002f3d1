import { connect as connectTo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { connect } from '@rewardbook/db/client';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { MAX_REFUSED_KEPT } from '../ingest/refusals.ts';
import { listEventsById } from '../sql/events-by-id.ts';
import { like, ndjson, PROGRAM, startTestService, type TestService } from '../test-service.ts';

// How much one client may use while others are served.

const LINES = { 'content-type': 'application/x-ndjson' };
let service: TestService;
let port: number;
const sockets: Socket[] = [];
beforeAll(async () => {
  service = await startTestService({
    limits: { streams: 2, streamsPerKey: 2, bodyBytesInFlight: 800_000, bodyBytesPerKey: 300_000 },
  });
  port = Number(new URL(await service.app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
});
afterAll(() => service.stop());

/** A request whose body does not end. */
async function open(
  headers: Record<string, string>,
  body: string,
): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connectTo(port, '127.0.0.1');
  sockets.push(socket);
  let received = '';
  const answer = new Promise<string>((resolve) => {
    socket.setEncoding('utf8').on('data', (piece) => {
      received += String(piece);
      if (/\r\n\r\n.*\}/s.test(received)) {
        resolve(received);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
  const all = { host: 'x', 'transfer-encoding': 'chunked', ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`POST /v1/programs/${PROGRAM}/events HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`);
  socket.write(`${body.length.toString(16)}\r\n${body}\r\n`);
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, answer };
}

it('many slow bodies leave room for single events and for other keys', async () => {
  const slow = { ...(await service.keyWith('events:write')), 'content-type': 'application/json' };
  const held = await Promise.all(Array.from({ length: 20 }, () => open(slow, '[')));
  expect((await service.post([like('beside slow bodies')])).status).toBe(200);
  for (const { socket } of held) {
    socket.destroy();
  }

  const large = await open(slow, `["${'x'.repeat(290_000)}`);
  await vi.waitFor(async () => {
    const second = await open(slow, `["${'x'.repeat(290_000)}`);
    expect(await second.answer).toMatch(/^HTTP\/1\.1 429 /);
  }, 10_000);
  expect((await service.post([like('beside a large body')])).status).toBe(200);
  large.socket.destroy();
});

it('bodies count with their unpacked size', async () => {
  const packed = gzipSync(JSON.stringify(Array.from({ length: 4_000 }, (_, i) => like(`packed ${i}`))));
  expect(packed.length).toBeLessThan(100_000);
  const answer = await service.post(packed, { 'content-encoding': 'gzip' });
  expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
});

it('idle streams give up their places when all are taken, and their answers say how far they came', async () => {
  const idle = { ...(await service.keyWith('events:write')), ...LINES };
  const held = await Promise.all(['a', 'b'].map((id) => open(idle, `${JSON.stringify(like(`idle ${id}`))}\n`)));
  await vi.waitFor(async () => {
    expect((await service.app.inject('/metrics')).body).toMatch(/^rewardbook_ingest_streams 2$/m);
  }, 10_000);
  const drips = held.map(({ socket }) => setInterval(() => socket.write('1\r\n \r\n'), 200));
  await vi.waitFor(async () => expect((await service.post(ndjson([like('new')]), LINES)).status).toBe(200), {
    timeout: 20_000,
    interval: 200,
  });
  const ended = await Promise.race(held.map(({ answer }) => answer));
  for (const drip of drips) {
    clearInterval(drip);
  }
  expect(ended).toMatch(/^HTTP\/1\.1 503 .*sent too little.*"accepted":1/s);
}, 30_000);

it('slow lists hold up neither events nor key look-ups', async () => {
  const locks = connect(service.ownerUrl, { max: 1 });
  await locks.unsafe('BEGIN; LOCK TABLE refused_event IN ACCESS EXCLUSIVE MODE');
  const lists = Array.from({ length: 12 }, () => service.get('/refused-events'));
  const writer = await service.keyWith('events:write');
  for (const id of ['1', '2', '3']) {
    expect((await service.post([like(`beside lists ${id}`)], writer)).status).toBe(200);
  }
  await locks.unsafe('ROLLBACK');
  await locks.end();
  for (const { status } of await Promise.all(lists)) {
    expect([200, 503]).toContain(status);
  }
}, 30_000);

it('a filtered list reads a bounded number of events per page, and misses none', async () => {
  const events = Array.from({ length: 20 }, (_, i) =>
    like(`walked ${i + 10}`, { viewerId: i % 7 === 0 ? 'rare' : 'often' }),
  );
  await service.post(ndjson(events), LINES);
  const [row] = await service.owner<{ id: number }[]>`SELECT program_id AS id FROM program WHERE slug = ${PROGRAM}`;
  const found: string[] = [];
  let after: Parameters<typeof listEventsById>[2]['after'];
  let pages = 0;
  do {
    const wanted = { filter: { viewerId: 'rare' }, order: 'asc', after, limit: 2 } as const;
    const page = await listEventsById(service.owner, row?.id ?? 0, wanted, 5);
    expect(page.events.length).toBeLessThanOrEqual(2);
    found.push(...page.events.map(({ id }) => id));
    after = page.next;
    pages += 1;
  } while (after !== undefined && pages < 1_000);
  expect(found).toEqual(['walked 10', 'walked 17', 'walked 24']);
});

it('refused events are kept up to a number per request and a number of bytes per program and day', async () => {
  const lines = Array.from({ length: 1_500 }, (_, i) => like(`conflict ${i}`));
  await service.post(ndjson(lines), LINES);
  const clash = lines.map((line) => ({ ...line, creatorId: 'another' }));
  expect((await service.post(ndjson(clash), LINES)).body).toMatchObject({ conflicts: 1_500 });
  const [kept] = await service.owner<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM refused_event WHERE code = 'conflict'`;
  expect(kept?.count).toBe(MAX_REFUSED_KEPT);

  const [row] = await service.owner<{ first: number; second: number }[]>`
    WITH given AS (
      SELECT p.program_id, array_agg(n) AS lines, array_agg('id'::text) AS ids, array_agg('bad-json'::text) AS codes,
             array_agg('no'::text) AS messages,
             array_agg(repeat('x', 4096)) AS bodies
      FROM program p, generate_series(1, 10000) AS n WHERE p.slug = ${PROGRAM} GROUP BY p.program_id
    )
    SELECT record_refused(program_id, lines, ids, codes, messages, bodies) AS first,
           record_refused(program_id, lines, ids, codes, messages, bodies) AS second FROM given`;
  expect(row?.first).toBeGreaterThan(7_000);
  expect(row?.first).toBeLessThan(8_000);
  expect(row?.second).toBe(0);
  await service.owner`
    SELECT record_refused(program_id, array_agg(n), array_agg('id'::text), array_agg('no'::text), array_agg('no'::text), array_agg('{'::text))
    FROM program, generate_series(1, 100) AS n WHERE slug = ${PROGRAM} GROUP BY program_id`;
  const rejected = await service.post(ndjson(['{', '{']), LINES);
  expect(rejected.body).toMatchObject({ rejected: 2 });
  const metrics = await service.app.inject({ url: '/metrics' });
  expect(metrics.body).toContain('rewardbook_ingest_refused_not_kept_total 2');
});
