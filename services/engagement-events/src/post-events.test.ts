import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { like, ndjson, PROGRAM, startTestService, type TestService } from './test-service.ts';

const LINES = { 'content-type': 'application/x-ndjson' };

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function stored(id: string) {
  return service.owner`SELECT viewer_id, content_id, active, occurred_at FROM event WHERE id = ${id} ORDER BY viewer_id`;
}

describe('what is taken in', () => {
  it('is one event', async () => {
    const answer = await service.post(like('one'));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      received: 1,
      accepted: 1,
      duplicates: 0,
      conflicts: 0,
      rejected: 0,
      batches: [expect.stringMatching(/^\d+$/)],
      refused: [],
    });
    expect(await stored('one')).toHaveLength(1);
  });

  it('is an array, of any length', async () => {
    expect((await service.post([])).body).toMatchObject({ received: 0, accepted: 0 });
    expect((await service.post([like('a1'), like('a2')])).body).toMatchObject({ received: 2, accepted: 2 });
    const many = Array.from({ length: 12_345 }, (_, i) => like(`many-${i}`));
    expect((await service.post(many)).body).toMatchObject({ received: 12_345, accepted: 12_345 });
    expect((await service.post(many)).body).toMatchObject({ accepted: 0, duplicates: 12_345 });
  });

  it('is NDJSON, whatever ends its lines', async () => {
    const body = `\ufeff${JSON.stringify(like('n1'))}\r\n\n  \n${JSON.stringify(like('n2'))}\n${JSON.stringify(like('n3'))}`;
    const answer = await service.post(body, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    expect(answer.body).toMatchObject({ received: 3, accepted: 3, refused: [] });
    expect((await service.post('', LINES)).body).toMatchObject({ received: 0 });
  });

  it.each(['gzip', 'x-gzip'])('is %s, of JSON and of lines', async (encoding) => {
    const headers = { 'content-encoding': encoding };
    const one = gzipSync(JSON.stringify(like(`${encoding}-1`)));
    expect((await service.post(one, headers)).body).toMatchObject({ accepted: 1 });
    const lines = gzipSync(ndjson([like(`${encoding}-2`), like(`${encoding}-3`)]));
    expect((await service.post(lines, { ...LINES, ...headers })).body).toMatchObject({ accepted: 2 });
  });

  it('is a CloudEvent, alone or in a batch', async () => {
    const { id, source, type, occurredAt, ...data } = like('ce');
    const cloudEvent = { specversion: '1.0', id, source, type: `rewardbook.${type}`, time: occurredAt, data };
    const one = await service.post(cloudEvent, { 'content-type': 'application/cloudevents+json' });
    expect(one.body).toMatchObject({ received: 1, accepted: 1 });
    expect((await service.post(like('ce'))).body).toMatchObject({ duplicates: 1 });
    const batch = [cloudEvent, { ...cloudEvent, id: 'ce2' }, { ...cloudEvent, id: 'ce3', time: 'today' }];
    const many = await service.post(batch, { 'content-type': 'application/cloudevents-batch+json; charset=UTF-8' });
    expect(many.body).toMatchObject({ accepted: 1, duplicates: 1, rejected: 1, refused: [{ index: 2, id: 'ce3' }] });
    const mixedUp = await service.post([cloudEvent], { 'content-type': 'application/cloudevents+json' });
    expect(mixedUp).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });

  it('is a CloudEvent in binary mode: its attributes in headers, its data in the body', async () => {
    const id = 'bin "é" 100%';
    const { id: _id, source, type, occurredAt, ...data } = like(id, { source: 'app' });
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'bin%20%22%C3%A9%22%20100%25',
      'ce-source': `"${source}"`,
      'ce-type': `rewardbook.${type}`,
      'ce-time': String(occurredAt),
      'ce-traceparent': '00-1', // an extension
    };
    expect((await service.post(data, headers)).body).toMatchObject({ received: 1, accepted: 1 });
    expect((await service.post(like(id, { source }))).body).toMatchObject({ duplicates: 1 });
    const plain = { ...headers, 'content-type': 'application/json; charset=utf-8' };
    expect((await service.post(data, plain)).body).toMatchObject({ duplicates: 1 });
    const { 'ce-time': _time, ...timeless } = headers;
    expect(await service.post(data, timeless)).toMatchObject({
      status: 422,
      body: { rejected: 1, refused: [{ code: 'missing-field' }] },
    });
    // A whole event next to the headers is not valid data of a CloudEvent, and is not recorded as a plain event either.
    expect((await service.post(like('whole'), headers)).body).toMatchObject({ refused: [{ code: 'unknown-key' }] });
    expect((await service.post([data], headers)).body).toMatchObject({ refused: [{ code: 'wrong-type' }] });
    for (const wrong of [{ 'ce-id': 'caf\u00e9' }, { 'ce-id': '100%' }, LINES]) {
      const answer = await service.post(data, { ...headers, ...wrong });
      expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    }
    // Headers that anyone may add to any request do not make it a CloudEvent.
    expect((await service.post(like('traced'), { 'ce-traceparent': '00-1' })).body).toMatchObject({ accepted: 1 });
  });

  it('is stored as sent, a follow with the empty content, the instant in UTC', async () => {
    const { contentId: _, ...follow } = like('😀"\\', {
      type: 'unfollow',
      occurredAt: '2026-10-03T14:00:00.1239+07:00',
    });
    await service.post(follow);
    expect([...(await stored('😀"\\'))]).toEqual([
      { viewer_id: 'v1', content_id: '', active: false, occurred_at: BigInt(Date.UTC(2026, 9, 3, 7, 0, 0, 123)) },
    ]);
  });

  it('is durable and sealed when the answer comes, and announced for its tally', async () => {
    const { body } = await service.post([like('sealed-1'), like('sealed-2')]);
    const [row] = await service.owner`SELECT count(*)::integer AS n FROM ingest_batch
      WHERE batch_id = ANY (${body.batches}::bigint[]) AND sealed_at IS NOT NULL`;
    expect(row?.n).toBe(body.batches.length);
    await vi.waitFor(() => expect(service.announced).toEqual(expect.arrayContaining(body.batches)));
  });
});

describe('the same event again', () => {
  it('is a duplicate, compared in its stored form', async () => {
    await service.post(like('dup', { occurredAt: '2026-10-03T14:00:00Z' }));
    const again = like('dup', { occurredAt: '2026-10-03T21:00:00.0004+07:00' });
    expect((await service.post(again)).body).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 0 });
  });

  it('is another event under another viewer or source', async () => {
    const events = [like('id'), like('id', { viewerId: 'v2' }), like('id', { source: 'web' }), like('id')];
    expect((await service.post(events)).body).toMatchObject({ accepted: 3, duplicates: 1 });
  });

  it('is a conflict with other contents: the first counts, the other is kept for inspection', async () => {
    await service.post(like('clash'));
    const answer = await service.post([like('x1'), like('clash', { creatorId: 'c9' })]);
    expect(answer.body).toMatchObject({
      accepted: 1,
      conflicts: 1,
      refused: [{ index: 1, id: 'clash', code: 'conflict', message: expect.stringContaining('that one stands') }],
    });
    const [kept] = (await service.get('/refused-events?code=conflict')).body.items.filter(
      (item: { id: string }) => item.id === 'clash',
    );
    expect(kept).toMatchObject({ index: 1, code: 'conflict' });
    expect(JSON.parse(kept.event)).toMatchObject({ id: 'clash', creatorId: 'c9' });
    expect(await service.owner`SELECT 1 FROM event WHERE id = 'clash' AND creator_id = 'c1'`).toHaveLength(1);
  });

  it('within one request: the earlier line counts, even if they go into different statements', async () => {
    const fill = (from: number) => Array.from({ length: 8_000 }, (_, i) => like(`fill-${from + i}`));
    const first = like('far', { creatorId: 'first' });
    const second = like('far', { creatorId: 'second' });
    const lines = [
      first,
      ...fill(0),
      second,
      first,
      ...fill(8_000),
      like('near', { creatorId: 'first' }),
      like('near'),
    ];
    const { body } = await service.post(ndjson(lines), LINES);
    expect(body).toMatchObject({ received: 16_005, accepted: 16_002, duplicates: 1, conflicts: 2 });
    expect(body.refused.map((line: { index: number }) => line.index)).toEqual([8_001, 16_004]);
    expect(await service.owner`SELECT 1 FROM event WHERE id IN ('far', 'near') AND creator_id = 'first'`).toHaveLength(
      2,
    );
  });

  it('in many simultaneous requests is accepted once', async () => {
    const events = Array.from({ length: 700 }, (_, i) => like(`race-${i}`));
    const halves = [events, events.toReversed(), events.slice(0, 300), events.slice(200, 400), events];
    const answers = await Promise.all(
      halves.map((half, i) => (i % 2 === 0 ? service.post(half) : service.post(ndjson(half), LINES))),
    );
    const sum = (field: string) => answers.reduce((total, { body }) => total + body[field], 0);
    expect(sum('accepted')).toBe(700);
    expect(sum('duplicates')).toBe(sum('received') - 700);
  });

  it('posted singly by many clients at the same time is accepted once', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => service.post(like(`single-${i % 100}`))));
    expect(answers.filter(({ body }) => body.accepted === 1)).toHaveLength(100);
    expect(answers.filter(({ body }) => body.duplicates === 1)).toHaveLength(200);
  });
});

describe('a refused event', () => {
  const bad: [string, unknown][] = [
    ['unknown-key', like('r', { extra: 1 })],
    ['missing-content-id', like('r', { contentId: undefined })],
    ['unexpected-content-id', like('r', { type: 'follow' })],
    ['wrong-type', like('r', { creatorId: 7 })],
    ['missing-field', like('r', { viewerId: undefined })],
    ['unknown-type', like('r', { type: 'share' })],
    ['too-long', like('x'.repeat(1_000_000))],
    ['control-character', like('nul\u0000')],
    ['lone-surrogate', like('half\ud800')],
    ['bad-time', like('r', { occurredAt: '2026-10-03T14:00:00' })],
    ['bad-time', like('r', { occurredAt: '2026-02-30T14:00:00Z' })],
    ['future', like('r', { occurredAt: '9999-12-31T00:00:00Z' })],
    ['not-an-object', 'text'],
    ['not-an-object', null],
  ];

  it.each(bad)('alone is answered with what is wrong: %s', async (code, event) => {
    const answer = await service.post(JSON.stringify(event));
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      code: 'event-refused',
      rejected: 1,
      accepted: 0,
      refused: [{ index: 0, code }],
    });
    expect(answer.body.detail).toBe(answer.body.refused[0].message);
  });

  it('alone, as a conflict, is answered with 409', async () => {
    await service.post(like('alone'));
    const answer = await service.post(like('alone', { type: 'unlike' }));
    expect(answer).toMatchObject({ status: 409, body: { code: 'event-conflict', conflicts: 1 } });
  });

  it.each(['application/json', 'application/x-ndjson'])('never costs the good ones (%s)', async (type) => {
    const values = bad.map(([, event]) => event);
    const good = bad.map((_, i) => like(`good-${type}-${i}`));
    const all = values.flatMap((value, i) => [value, good[i]]);
    const body = type === 'application/json' ? all : ndjson(all.map((value) => JSON.stringify(value)));
    const answer = await service.post(body, { 'content-type': type });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ received: all.length, accepted: good.length, rejected: bad.length });
    const codes = bad.map(([code]) => (code === 'too-long' && type !== 'application/json' ? 'line-too-long' : code));
    expect(answer.body.refused.map((line: { code: string }) => line.code)).toEqual(codes);
    expect(answer.body.refused.map((line: { index: number }) => line.index)).toEqual(bad.map((_, i) => 2 * i));
  });

  it('is a line that is not JSON, not UTF-8, or has no end', async () => {
    const lines = [
      Buffer.from('{"id":'),
      Buffer.from(JSON.stringify(like('l1'))),
      Buffer.from([0x22, 0xff, 0x22]),
      Buffer.from(JSON.stringify(like('l2'))),
      Buffer.alloc(3_000_000, 'x'),
      Buffer.from(JSON.stringify(like('l3'))),
      Buffer.from(`${JSON.stringify(like('l4'))},${JSON.stringify(like('l5'))}`),
    ];
    const answer = await service.post(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])), LINES);
    expect(answer.body).toMatchObject({
      received: 7,
      accepted: 3,
      refused: [
        { index: 0, code: 'bad-json' },
        { index: 2, code: 'bad-utf8' },
        { index: 4, code: 'line-too-long' },
        { index: 6, code: 'bad-json' },
      ],
    });
  });

  it('is kept with a body that can be stored, cut to 4 KB', async () => {
    await service.post([like('kept', { extra: `\u0000${'y'.repeat(9_000)}` }), like('k\u0000\ud800')]);
    const kept = await service.owner`
      SELECT event_id, body FROM refused_event WHERE event_id IN ('kept', ${'k\ufffd\ufffd'}) ORDER BY refusal_id`;
    expect(kept.map((row) => row.event_id)).toEqual(['kept', 'k\ufffd\ufffd']);
    expect(kept[0]?.body).toHaveLength(4_096);
    expect(kept[1]?.body).toContain('\\u0000\\ud800'); // as JSON writes them
  });

  it('is listed and kept for the first 1,000 of a request, and counted beyond', async () => {
    const lines = Array.from({ length: 1_500 }, (_, i) => (i % 3 === 2 ? like(`m${i}`) : `{"id":"m${i}"`));
    const [before] = await service.owner`SELECT count(*)::integer AS n FROM refused_event`;
    const { body } = await service.post(ndjson([...lines, ...lines]), LINES);
    expect(body).toMatchObject({ received: 3_000, accepted: 500, duplicates: 500, rejected: 2_000 });
    expect(body.refused).toHaveLength(1_000);
    expect(body.refused.at(-1).index).toBe(1_498);
    const [after] = await service.owner`SELECT count(*)::integer AS n FROM refused_event`;
    expect(after?.n - before?.n).toBe(1_000);
  });
});

describe('time', () => {
  it('may be five minutes ahead of the clock, not more', async () => {
    const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
    expect((await service.post(like('soon', { occurredAt: ahead(290_000) }))).status).toBe(200);
    const answer = await service.post(like('later', { occurredAt: ahead(330_000) }));
    expect(answer.body).toMatchObject({ refused: [{ code: 'future' }] });
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['malformed JSON', '{"id":', {}, 400, 'bad-json'],
    ['nothing', '', {}, 400, 'bad-json'],
    ['what is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'bad-utf8'],
    ['another media type', 'id=1', { 'content-type': 'text/csv' }, 415, 'unsupported-media-type'],
    ['another compression', 'x', { 'content-encoding': 'br' }, 415, 'unsupported-media-type'],
    ['another compression of lines', 'x', { ...LINES, 'content-encoding': 'zstd' }, 415, 'unsupported-media-type'],
    ['what is not gzip', 'hello', { 'content-encoding': 'gzip' }, 400, 'bad-compression'],
    ['JSON of more than 8 MB', `[${' '.repeat(9_000_000)}]`, {}, 413, 'too-large'],
    ['gzip of more than 8 MB', gzipSync(' '.repeat(9_000_000)), { 'content-encoding': 'gzip' }, 413, 'too-large'],
    [
      'a truncated gzip',
      gzipSync(JSON.stringify(like('t'))).subarray(0, 60),
      { 'content-encoding': 'gzip' },
      400,
      'bad-compression',
    ],
  ])('%s', async (_what, body, headers, status, code) => {
    const answer = await service.post(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code, status });
  });

  it('is for no known program, or without the right key', async () => {
    const post = (url: string, headers: Record<string, string>) =>
      service.app.inject({ method: 'POST', url, headers: { ...LINES, ...headers }, payload: '{}' });
    const writer = await service.keyWith('events:write');
    const unknown = await post('/v1/programs/no-such/events', writer);
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({ code: 'program-unknown' });
    const url = `/v1/programs/${PROGRAM}/events`;
    expect((await post(url, {})).statusCode).toBe(401);
    expect((await post(url, { authorization: `Bearer rb_${'x'.repeat(43)}` })).statusCode).toBe(401);
    const reader = await service.keyWith('read', 'operate');
    expect((await post(url, reader)).json()).toMatchObject({ status: 403, code: 'forbidden' });
    const listed = await service.app.inject({ url, headers: writer });
    expect(listed.statusCode).toBe(403);
  });
});

describe('the API', () => {
  it('describes itself, measures itself, and is ready', async () => {
    const document = (await service.app.inject({ url: '/openapi.json' })).json();
    const { post } = document.paths['/v1/programs/{program}/events'];
    expect(Object.keys(post.requestBody.content)).toEqual(
      expect.arrayContaining(['application/json', 'application/x-ndjson', 'application/cloudevents-batch+json']),
    );
    const metrics = (await service.app.inject({ url: '/metrics' })).body;
    expect(metrics).toMatch(/rewardbook_ingest_events_total\{outcome="accepted"\} [1-9]/);
    expect(metrics).toMatch(/rewardbook_ingest_events_in_flight 0\n/);
    expect(metrics).toMatch(/rewardbook_ingest_streams 0\n/);
    expect((await service.app.inject({ url: '/readyz' })).json()).toMatchObject({ checks: ['database'] });
  });
});
