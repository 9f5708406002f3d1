import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPolicy } from '../../../test/support/test-policy.ts';
import { applyTestPolicy } from '../../../test/support/test-program.ts';
import { like, ndjson, PROGRAM, startTestService, type TestService } from './test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  await applyTestPolicy(service.owner, testPolicy({ program: 'other' }));
  const lines = ['é', 'z', 'B', 'a', '😀', '\uffee'].flatMap((id) => [like(id), like(id, { viewerId: 'v2' })]);
  await service.post(ndjson([...lines, like('a', { creatorId: 'c2' }), '{']), {
    'content-type': 'application/x-ndjson',
  });
  await service.post([like('follow', { type: 'follow', contentId: undefined, viewerId: 'v9' })]);
  await service.post([like('z')]);
});
afterAll(() => service.stop());

/** All items of a list, page by page. */
async function walk(path: string, limit: number) {
  // biome-ignore lint/suspicious/noExplicitAny: items of several lists
  const items: any[] = [];
  let cursor: string | null = null;
  do {
    const { status, body } = await service.get(`${path}limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}

describe('events', () => {
  it('are listed by the bytes of their identity, each once, in the form in which they were sent', async () => {
    const all = await walk('/events?', 5);
    expect(all).toHaveLength(13);
    const ids = all.map((event) => event.id);
    expect(ids).toEqual([...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(all).toEqual(await walk('/events?', 1));
    expect(all[0]).toEqual(like('B', { occurredAt: '2026-10-03T14:00:00.000Z' }));
    expect(all.find((event) => event.id === 'follow')).not.toHaveProperty('contentId');
  });

  it('are filtered by viewer and creator', async () => {
    expect(await walk('/events?viewerId=v2&', 4)).toHaveLength(6);
    expect(await walk('/events?viewerId=v9&creatorId=c1&', 4)).toMatchObject([{ id: 'follow', type: 'follow' }]);
    expect(await walk('/events?creatorId=none&', 4)).toEqual([]);
  });

  it('are those of one program', async () => {
    const headers = await service.keyWith('read');
    const other = await service.app.inject({ url: '/v1/programs/other/events', headers });
    expect(other.json()).toEqual({ items: [], nextCursor: null, searched: null });
    expect((await service.app.inject({ url: '/v1/programs/none/events', headers })).statusCode).toBe(404);
  });
});

describe('events as they came', () => {
  it('are listed by batch, the newest or the oldest first, each once', async () => {
    const newest = await walk('/events?sort=received&order=desc&', 5);
    expect(newest).toHaveLength(13);
    expect(newest[0].id).toBe('follow');
    expect(await walk('/events?sort=received&', 3)).toEqual([...newest].reverse());
    const byId = await walk('/events?order=desc&', 4);
    expect(byId).toEqual((await walk('/events?', 100)).reverse());
  });

  it('are found by id, type, time and batch, alone and together', async () => {
    expect(await walk('/events?id=a&', 1)).toHaveLength(2);
    expect(await walk('/events?id=a&viewerId=v2&sort=received&', 1)).toMatchObject([{ id: 'a', viewerId: 'v2' }]);
    expect(await walk('/events?type=follow&', 3)).toMatchObject([{ id: 'follow' }]);
    expect(await walk('/events?type=unlike&sort=received&', 3)).toEqual([]);
    const at = (text: string) => encodeURIComponent(text);
    const [from, until] = [at('2026-10-03T14:00:00Z'), at('2026-10-03T16:00:00.001+02:00')];
    for (const sort of ['id', 'received']) {
      expect(await walk(`/events?sort=${sort}&occurredFrom=${from}&occurredUntil=${until}&`, 5)).toHaveLength(13);
      expect(await walk(`/events?sort=${sort}&occurredUntil=${from}&`, 5)).toEqual([]);
    }
    const batches = await walk('/batches?', 10);
    const sizes = await Promise.all(
      batches.map(async ({ batchId }) => (await walk(`/events?batchId=${batchId}&`, 4)).length),
    );
    expect(sizes).toEqual(batches.map(({ accepted }) => accepted));
  });

  it('say how many were looked through where no index finds them', async () => {
    expect((await service.get('/events?viewerId=v9')).body).toMatchObject({ searched: 13, nextCursor: null });
    expect((await service.get('/events?viewerId=v9&sort=received')).body).toMatchObject({ searched: 13 });
    expect((await service.get('/events?sort=received')).body).toMatchObject({ searched: null });
  });

  it('are counted', async () => {
    const whole = { isWhole: true };
    expect((await service.get('/events/totals')).body).toEqual({ count: 13, searched: 13, ...whole });
    expect((await service.get('/events/totals?viewerId=v2')).body).toEqual({ count: 6, searched: 13, ...whole });
    expect((await service.get('/events/totals?id=a')).body).toEqual({ count: 2, searched: null, ...whole });
  });

  it('refuse what is no filter, and a cursor of another order', async () => {
    for (const query of ['type=love', 'occurredFrom=yesterday', 'batchId=-1', 'batchId=x', 'sort=age', 'id=%00']) {
      expect((await service.get(`/events?${query}`)).body).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    const { nextCursor } = (await service.get('/events?limit=1')).body;
    expect((await service.get(`/events?sort=received&cursor=${nextCursor}`)).body).toMatchObject({
      code: 'bad-cursor',
    });
  });
});

describe('files', () => {
  const read = async (path: string) => {
    const headers = await service.keyWith('read');
    return service.app.inject({ url: `/v1/programs/${PROGRAM}${path}`, headers });
  };

  it('have every row of their filter, however it is ordered', async () => {
    const ndjsonFile = await read('/events/file?viewerId=v2');
    expect(ndjsonFile.headers['content-disposition']).toBe(`attachment; filename="${PROGRAM}-events.ndjson"`);
    expect(
      ndjsonFile.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(await walk('/events?viewerId=v2&', 10));
    const csv = await read('/events/file?format=csv&sort=received&order=desc');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = csv.body.trim().split('\n');
    expect(lines[0]).toBe('id,source,type,viewerId,creatorId,contentId,occurredAt');
    expect(lines).toHaveLength(14);
    expect(lines[1]).toBe('follow,app,follow,v9,c1,,2026-10-03T14:00:00.000Z');
  });

  it('of batches and of refused events', async () => {
    expect((await read('/batches/file?format=csv&state=conflicts')).body.trim().split('\n')).toHaveLength(2);
    const refused = (await read('/refused-events/file?code=bad-json')).body.trim().split('\n');
    expect(refused.map((line) => JSON.parse(line))).toMatchObject([{ code: 'bad-json', event: '{' }]);
  });
});

describe('batches', () => {
  it('are listed, and found by number', async () => {
    const all = await walk('/batches?', 1);
    expect(all.reduce((sum, batch) => sum + batch.accepted, 0)).toBe(13);
    expect(all.reduce((sum, batch) => sum + batch.duplicates, 0)).toBe(1);
    expect(all.reduce((sum, batch) => sum + batch.conflicts, 0)).toBe(1);
    expect(all.every((batch) => batch.sealedAt !== null)).toBe(true);
    const [first] = all;
    expect((await service.get(`/batches/${first.batchId}`)).body).toEqual(first);
    for (const id of ['0', '999999', 'x', '9'.repeat(30)]) {
      expect((await service.get(`/batches/${id}`)).body).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('come the newest first where that is asked for, by state, and summed up', async () => {
    const all = await walk('/batches?', 10);
    expect(await walk('/batches?order=desc&', 1)).toEqual([...all].reverse());
    expect(await walk('/batches?state=conflicts&order=desc&', 1)).toEqual(all.filter(({ conflicts }) => conflicts > 0));
    expect((await service.get('/batches/totals?state=conflicts')).body).toMatchObject({ count: 1, conflicts: 1 });
  });

  it('with something to tally can be listed without the others', async () => {
    const untallied = await walk('/batches?state=untallied&', 10);
    expect(untallied.reduce((sum, batch) => sum + batch.accepted, 0)).toBe(13);
    expect(untallied.every((batch) => batch.accepted > 0)).toBe(true);
  });
});

describe('refused events', () => {
  it('are listed in the order in which they were kept, and by code', async () => {
    const all = await walk('/refused-events?', 1);
    expect(all.map((refused) => refused.code).sort()).toEqual(['bad-json', 'conflict']);
    expect(await walk('/refused-events?code=bad-json&', 5)).toMatchObject([{ index: 13, id: null, event: '{' }]);
  });
});

describe('refused events, searched', () => {
  it('are found by what was sent, whole or cut, and say how many were looked through', async () => {
    const strange = 'a "quoted" \\ (v.*) 👩‍👩‍👧';
    const long = 'x'.repeat(5_000);
    await service.post(
      ndjson([
        { id: 'r1', type: 'love', viewerId: strange, creatorId: 'c1' },
        `{"id":"r2" , "viewerId" :  "v7","creatorId":"c7","contentId":"${long}"}`,
        { id: 'r3', type: 'love', viewerId: 'v77', creatorId: 'c7' },
      ]),
      { 'content-type': 'application/x-ndjson' },
    );
    const idsOf = async (query: string) => (await walk(`/refused-events?${query}&`, 2)).map(({ id }) => id);
    expect(await idsOf(`viewerId=${encodeURIComponent(strange)}`)).toEqual(['r1']);
    expect(await idsOf('viewerId=v7')).toEqual(['r2']);
    expect(await idsOf('creatorId=c7&order=desc')).toEqual(['r3', 'r2']);
    expect(await idsOf('id=r3')).toEqual(['r3']);
    expect(await idsOf('search=love')).toEqual(['r1', 'r3']);
    expect(await idsOf('search=no-such-text')).toEqual([]);
    expect((await service.get('/refused-events?id=r3')).body).toMatchObject({ searched: 5 });
    const { codes, count } = (await service.get('/refused-events/totals')).body;
    expect(count).toBe(5);
    expect(codes.reduce((sum: number, one: { count: number }) => sum + one.count, 0)).toBe(5);
    expect((await service.get('/refused-events/totals?creatorId=c7')).body).toMatchObject({ count: 2, isWhole: true });
  });
});

describe('a cursor', () => {
  it.each(['/events', '/batches', '/refused-events'])('that is not valid for %s is refused', async (path) => {
    for (const cursor of ['x', 'W10', 'WyJhIl0']) {
      expect((await service.get(`${path}?cursor=${cursor}`)).body).toMatchObject({ status: 400, code: 'bad-cursor' });
    }
    const url = `/v1/programs/${PROGRAM}${path}?limit=0`;
    const answer = await service.app.inject({ url, headers: await service.keyWith('read') });
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});

it('a file of events can be sent again unchanged', async () => {
  const headers = await service.keyWith('read');
  const { body } = await service.app.inject({ url: `/v1/programs/${PROGRAM}/events/file`, headers });
  const again = await service.post(body, { 'content-type': 'application/x-ndjson' });
  expect(again.body).toMatchObject({ accepted: 0, duplicates: 13 });
});
